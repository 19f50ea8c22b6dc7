"""How an import is told to the person who asked for it."""

from typing import Any

from kring.show.values import count, many

_MANY, _FEW = 8, 3


def imported_text(done: Any) -> str:
    """A few lines on what an import did: what it was, what is new, what was decided, what could not be read, what to do next.

    Takes   the outcome of an import (`verbs.import_.Imported`).
    """
    lines = [_head(done), *_kept(done), *_notes(done), *_losses(done), *_next(done)]
    return "\n".join(line for line in lines if line)


def _head(done: Any) -> str:
    what = ", ".join(f"{title} ({many(n, 'file')})" for title, n in done.sources.items())
    if done.already:
        changed = "nothing is changed but how it is kept" if done.retained.changed else "nothing is changed"
        return f"{done.name}: {what}. This was imported before (run {done.run}): {changed}."
    if done.run is None:
        return f"{done.name}: {what}. Looked at only; nothing is kept."
    resumed = " An import of it that was stopped is now complete." if done.resumed else ""
    return f"{done.name}: {what}, imported as run {done.run}.{resumed}"


def _kept(done: Any) -> list[str]:
    if done.run is None:
        look, least = done.look, "at least " if done.look.at_least else ""
        posts, acts = many(look.posts, "post"), many(look.events, "act")
        people = many(look.people, "other person", "other people")
        return [f"  It holds {least}{posts} ({least}{count(look.private)} private) and {least}{acts}, of {least}{people}."]
    kinds = ", ".join(many(n, kind) for kind, n in sorted(done.kinds.items(), key=lambda each: -each[1]))
    known, new = (0 if done.already else done.kept.posts_known), done.kept.posts
    there = "all of them were there already" if known and not new else f"{count(new)} new, {count(known)} there already" if known else ""
    lines = [f"  {kinds or 'No posts'}{f' ({there})' if there else ''}; {many(done.people, 'account')}."]
    before = done.already or done.resumed
    kept = (done.retained.changed, done.retained.refused) if before else ()  # of a new one `kring runs` tells how it is kept
    lines += [f"  {sentence}" for sentence in (*kept, *done.said) if sentence]
    return lines


def _notes(done: Any) -> list[str]:
    lines = [f"  {note.text}" if note.where == done.name else f"  {note.where}: {note.text}" for note in done.notes[:_MANY]]
    return lines + (
        [f"  … and {count(len(done.notes) - _MANY)} more remarks: kring import --format json tells all."] if len(done.notes) > _MANY else []
    )


def _losses(done: Any) -> list[str]:
    skipped = sum(unread.n for unread in done.unread if unread.kind == "skipped")
    lost = [unread for unread in done.unread if unread.kind != "skipped"]
    lines = [f"  Left out on purpose: {many(skipped, 'file or row', 'files or rows')} that Kring has no use for."] if skipped else []
    if lost:
        lines.append(f"  Could not be read: {count(sum(unread.n for unread in lost))}.")
        lines += [f"    {unread.where}: {unread.why} {unread.next}".rstrip() for unread in lost[:_MANY]]
        if len(lost) > _MANY and done.run is not None:
            lines.append(f"    … kring runs unread {done.run} lists them all.")
    return lines


def _next(done: Any) -> list[str]:
    if len(done.owners) > _FEW:
        return [
            f"  {count(len(done.owners))} accounts own these exports. Which of them are you? `kring people` lists them; then: kring us add ACCOUNT"
        ]
    return [f"  It belongs to {owner.name}. If that is you: kring us add {owner.id}" for owner in done.owners]

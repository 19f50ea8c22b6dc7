"""How an import is told to the person who asked for it."""

from typing import Any

from kring.show.values import count

_MANY, _FEW = 8, 3
_PLURAL = {
    "question": "questions",
    "answer": "answers",
    "note": "notes",
    "message": "messages",
    "article": "articles",
    "review": "reviews",
    "page": "pages",
}


def imported_text(done: Any) -> str:
    """A few lines on what an import did: what it was, what is new, what was decided, what could not be read, what to do next.

    Takes   the outcome of an import (`verbs.import_.Imported`).
    """
    lines = [_head(done), *_kept(done), *_notes(done), *_losses(done), *_next(done)]
    return "\n".join(line for line in lines if line)


def _head(done: Any) -> str:
    what = ", ".join(f"{title} ({count(n)} {'file' if n == 1 else 'files'})" for title, n in done.sources.items())
    if done.already:
        return f"{done.name}: {what}. This was imported before (run {done.run}): nothing is changed."
    if done.run is None:
        return f"{done.name}: {what}. Looked at only; nothing is kept."
    resumed = " An import of it that was stopped is now complete." if done.resumed else ""
    return f"{done.name}: {what}, imported as run {done.run}.{resumed}"


def _kept(done: Any) -> list[str]:
    if done.run is None:
        look, least = done.look, "at least " if done.look.at_least else ""
        posts, private, acts, people = (f"{least}{count(n)}" for n in (look.posts, look.private, look.events, look.people))
        return [f"  It holds {posts} posts ({private} private) and {acts} acts, of {people} other people."]
    kinds = ", ".join(f"{count(n)} {_PLURAL.get(kind, kind)}" for kind, n in sorted(done.kinds.items(), key=lambda each: -each[1]))
    lines = [f"  {kinds or 'No posts'}; {count(done.people)} {'account' if done.people == 1 else 'accounts'}."]
    lines += [f"  {sentence}" for sentence in done.said]
    if done.kept.posts_known and not done.already:
        lines.append(
            f"  {count(done.kept.posts)} of the posts are new; {count(done.kept.posts_known)} were there already and are left as they were."
        )
    return lines


def _notes(done: Any) -> list[str]:
    lines = [f"  {note.where}: {note.text}" if len(done.notes) > 1 else f"  {note.text}" for note in done.notes[:_MANY]]
    return lines + (
        [f"  … and {count(len(done.notes) - _MANY)} more remarks: kring import --format json tells all."] if len(done.notes) > _MANY else []
    )


def _losses(done: Any) -> list[str]:
    skipped = sum(unread.n for unread in done.unread if unread.kind == "skipped")
    lost = [unread for unread in done.unread if unread.kind != "skipped"]
    lines = [f"  Left out on purpose: {count(skipped)} files or rows that Kring has no use for."] if skipped else []
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

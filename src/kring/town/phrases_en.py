"""What people say in English about anything."""

from kring.town.grammar import Phrases, Topic

PHRASES = Phrases(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    time="{hour}:{minute:02d}",
    street="{street}",
    at_street="on {street}",
    ask_openings=(
        "Does anyone know?", "Quick question for the neighbours.", "Asking for my mother.", "I can't work this one out.", "Maybe someone here knows.",
        "Help wanted!", "I keep hearing different stories.", "Couldn't find it on the website.", "New in town, so forgive me for asking.",
        "My neighbour and I disagree.", "Silly question perhaps.", "My Dutch is not good enough for the letter.", "", "", "", "",
    ),
    ask_closings=(
        "Thanks in advance!", "Many thanks.", "I'd love to hear.", "Thank you all!", "Any tips are welcome.", "Cheers in advance.",
        "No rush at all.", "It is rather urgent, hence the message.", "Would be great if someone could reply.", "", "", "", "", "",
    ),
    wonder_openings=(
        "I would like to know", "Please let me know", "Kindly tell me", "I am trying to find out", "Nobody seems able to tell me", "I can't find anywhere",
        "We would be glad to hear",
    ),
    greetings=("Hello everyone,", "Hi neighbours,", "Hi all,", "Dear neighbours,", "Good morning!", "Hello list,", "Good evening all,"),
    partings=("Best,", "Kind regards,", "All the best,", "Cheers,", "Warm wishes,", "Greetings from {quarter},"),
    hall_greetings=("Dear town hall,", "Good afternoon,", "Dear sir or madam,", "Hello town hall,", "Dear people at the town hall,"),
    answer_openings=(
        "Yes, it is.", "I believe so.", "As far as I know:", "I just looked into that.", "Funny, I happen to know.", "Correct.",
        "This is how it went for us:", "I had the same question last month.", "My brother-in-law works there, so from a good source:", "", "", "", "",
    ),
    answer_closings=(
        "Good luck!", "Let us know how it went.", "Otherwise I'll drop by.", "Worked fine for us.", "Hope this helps.", "You can always call me.",
        "Fingers crossed.", "", "", "", "", "",
    ),
    hall_openings=(
        "Thank you for your question.", "Good of you to ask.", "Thanks for your message.", "We checked with our colleagues.",
        "Sorry to have kept you waiting.", "Thank you for getting in touch.", "We are happy to look into this for you.",
    ),
    hall_closings=(
        "Do let us know if there is anything else.", "You are also welcome at the front desk.", "We will keep you posted.",
        "The full list is on our website.", "Call 14 0299 if you would rather speak to someone.", "Have a good day!", "",
    ),
    hall_teams=(
        "Marieke, waste team", "Johan, public space team", "Sanne, front desk", "Hicham, traffic team", "Wil, welfare team",
        "Dounia, permits team", "Rob, harbour office", "Esmée, communication team",
    ),
    bot=(
        "This is an automatic message. We have received your question and aim to reply within three working days.",
        "Automatic reply: the web team is available on weekdays from 9:00 to 17:00. Your message has number {number}{number}{number}4.",
        "Your report has been registered. You need not reply to this message, it was sent by a computer.",
        "Thank you for your message. You will find frequently asked questions on our website. This message was generated automatically.",
    ),
    self_answers=(
        "Found it myself in the meantime.", "Never mind, it has been solved.", "To add to this: it is about the stretch {at_street}.",
        "Nobody replied, so I went there myself.", "Answering my own question then: it was in the local paper.", "Still no news, I'll call on {day}.",
        "To be clear: I mean the side near {street}.", "Update: same thing again today.", "For those reading along: I know by now, it is on the notice board.",
    ),
    thanks=(
        "Thank you!", "Thanks, just what I was looking for.", "Brilliant, thanks!", "Thank you so much for looking into it.", "How kind, thank you {name}.",
        "Great, thanks for the quick reply.", "Many thanks!", "Thanks, that gets me further.", "Wonderful, thank you!", "Thanks for taking the trouble.",
        "Ah, thanks. Learned something.", "You are a star, thank you.", "Thank you for the clear answer.", "Thanks, that saves me a trip.",
    ),
    thanks_tails=(
        "I'll try it on {day}.", "There is apple pie waiting for you.", "One never stops learning.", "I would never have found that.", "Lovely to have such neighbours.",
        "Coffee is ready {at_street}.", "Now I get it.", "I'll pass it on next door.", "", "", "", "", "",
    ),
    replies=(
        "Couldn't agree more.", "Sounds familiar!", "I have been thinking about that too.", "Ha, my husband said the same yesterday.", "Exactly the same {at_street}.",
        "I noticed that as well.", "Good that you mention it.", "I saw it too, only on {day}.", "Same old story every year.", "Well, in {quarter} it isn't so bad.",
        "Nicely put.", "I wouldn't dare to say that.", "I am with {name} on this.", "Interesting, I had no idea.", "Here too, for weeks now.", "That's how it is.",
        "I see it differently, but I understand you.", "Nice to read.", "Yes, it used to be different.", "What a story.", "Now that makes me cheerful.",
        "A pity, but there it is.", "I was talking about it with {name} on {day}.", "My thought exactly.",
    ),
    reply_tails=(
        "Maybe something for the neighbourhood meeting.", "We should have a coffee about it.", "I'll keep an eye on it.", "I could walk over on {day}.",
        "They found something for that in {quarter}.", "My parents lived {at_street}, they would have laughed.", "To be continued.", "It is part of life here.",
        "Do tell {name} as well.", "There is another meeting on {date}.", "I have been doing it that way for {number} years.", "", "", "", "", "",
    ),
    remark_tails=(
        "Just sharing.", "Had to get that off my chest.", "Hands up if this sounds familiar.", "And that for the {number}th time this year.", "Still a good place to live.",
        "Saw it happen {at_street}.", "It deserves to be said.", "See you all on {day}.", "Life in Waterdrecht, eh.", "", "", "", "", "", "",
    ),
    traps=(
        "I read up on it at https://www.waterdrecht.example/zoeken?q={tag}&pagina={number} and all is clear now.",
        "Compliments, the map at https://kaart.waterdrecht.example/?laag={tag}&straat={number} works very well.",
        "My daughter said: “Why don't they do that everywhere?” Well done {at_street}.",
        "The sign saying “Forgot your code?” can be read properly now {at_street}.",
        "Your form https://www.waterdrecht.example/melden?soort={tag} has been filled in, see number {number}{number}2.",
    ),
    agree=(
        "Exactly, don't let anyone tell you otherwise.", "That's right, {name}.", "Finally someone says it.", "Fully agree, the council should hear this.",
        "Good point, we'll pass it on come {day}.", "I stand behind this completely.", "You took the words out of my mouth.", "This. Just this.",
    ),
    disagree=(
        "Little of that is true.", "Sorry, that is too easy.", "With all respect, do the sums again.", "I really see that very differently, {name}.",
        "We have now heard that story {number} times.", "Come and look {at_street} on {day} and you'll change your tune.", "No, that is not how it works.",
        "A pity you only look at one side.",
    ),
    topic_openings=("One more time then:", "For the council on {day}:", "To be quite honest.", "My view:", "I have read the papers.", "", "", ""),
    topics=(
        Topic((
            (
                "Four turbines along the polder and {quarter} has power for good.", "Rather turning blades than a flooded cellar in thirty years.",
                "The proceeds go to the village cooperative, so to all of us.", "I live {at_street} and look forward to the view.",
                "Our energy bill drops by {number}0 euros if we join in.", "There used to be seven windmills here and nobody complained.",
                "Wind is free, and it always blows here.", "My grandchildren will ask what we did.",
            ),
            (
                "Two hundred metres of steel next to the dike, you never get rid of that.", "You can hear the hum as far as {street}, just ask the next village.",
                "The birds on the lake were here before the alderman's plans.", "Cover every roof with panels first, then we'll talk.",
                "The profit goes to a fund far away and we keep the shadow.", "My house {at_street} will lose {number}0 per cent of its value.",
                "Nobody asked {quarter} anything.", "The horizon belongs to everyone.",
            ),
        )),
        Topic((
            (
                "With paid parking I can finally stop at my own front door.", "Day trippers fill {street} and we walk home with the shopping.",
                "They did it in {quarter} and everybody is happy now.", "The proceeds would pay for {number} more trees per street.",
                "Parking space is space, and space costs money.", "Fewer cars {at_street} means children playing outside again.",
                "A permit costs less than a cup of coffee a week.", "Those who can cycle will cycle.",
            ),
            (
                "Paid parking sends customers to the mall by the motorway.", "My carer will soon have to pay to wash my mother.",
                "First a bus stop {at_street}, then a parking meter.", "This is simply a hand in our pockets.", "The shops {at_street} have it hard enough.",
                "Soon everyone will park in {quarter} and it starts all over.", "There is no such thing as a workshop without vans, says my boss.",
                "Add {number} spaces instead of machines.",
            ),
        )),
        Topic((
            (
                "The choir is rehearsing for the harbour festival, you can hear it {at_street}.", "Who is baking for the harbour festival stall, talk to {name}.",
                "The harbour festival is {number} hours longer this year.", "The children of {quarter} will sail in the parade.", "No fireworks for me, lanterns are prettier.",
                "I'm behind the pancake stall again on {day}.", "The boats are tarred, the festival can begin.", "Rain or not, on {day} we dance on the quay.",
                "Lovely posters {at_street}, made by the school children.", "My grandfather was at the very first harbour festival.",
            ),
            (),
        )),
    ),
    opinion=(
        "The quay is more beautiful without cars.", "A quay to sit on, not to park on.", "Imagine benches, trees and water instead of metal.",
        "The Sunday without cars on the quay was the best day of the year.", "Give the quay back to those who walk.", "I'd sign for a car-free quay, so would {name}.",
        "My kids learned to cycle on the empty quay.", "Car-free is good for the cafés, just ask {at_street}.",
    ),
    burst=(
        "The bridge has been open for {number} quarters of an hour and nothing happens.", "Stuck {at_street}, the bridge is broken.", "Nobody gets on or off the island, the bridge won't budge.",
        "The baker is handing out rolls to the waiting cars. Hero!", "Cyclists can cross in the rowing boat of {name}.", "The engineer is coming from the city, but he is stuck at the bridge too.",
        "Ambulances go round by Zuiderdijk.", "Children from the school {at_street} are looked after in the library.", "Beautiful sight really, the bridge upright in the evening sun.",
        "If you have room for {number} stranded visitors tonight, say so.", "The rowing club ferries people across for free.", "It moves! Oh no, it doesn't.",
        "Soup and power sockets in the community centre of {quarter}.", "My train leaves in an hour and I am looking at a bridge.",
    ),
    hall_burst=(
        "The bridge is stuck open. Engineers are on their way. Please go round by Zuiderdijk.",
        "The ferry runs extra trips, tonight too. Coffee and shelter in the library.",
        "The bridge is closed again. Thanks to all who helped with boats, soup and beds.",
    ),
    quoting="On {date} at {time}, {name} wrote:",
)

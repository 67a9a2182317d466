# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Longer invented texts of the demo."""

_PARTS = (
    "Vi laver nye ruder og drivhuse af gamle vinduer. I dag bliver de fleste gamle ruder knust, selv om glasset kan holde i mange år endnu. Vi henter dem, skærer glasset til og sætter det i rammer af lokalt træ.",
    "Markedet er haveejere, kommuner og små gartnerier. De første fyrre drivhuse er solgt uden reklame, og ventelisten er på tre måneder. Priserne ligger lidt under nye drivhuse af samme størrelse.",
    "Holdet er en glarmester, en tømrer og en sælger, som har arbejdet sammen i fire år. Vi har værksted, værktøj og aftaler om gamle vinduer fra tre nedrivere. Det, vi mangler, er plads og en skæremaskine.",
    "Pengene skal bruges til en skæremaskine, leje af en større hal og løn til to mere i et år. Så kan vi lave tre gange så mange drivhuse og begynde på ruder til skure og udestuer.",
    "Risikoen er, at der ikke kommer glas nok af den rigtige tykkelse. Derfor taler vi med flere genbrugsstationer, og derfor laver vi også produkter, hvor tykkelsen er mindre vigtig.",
)
PROFILE = "\n\n".join(_PARTS * 3)[:3400]
"""About a page and a half."""
CHALLENGE = (
    "Vi smider for meget mad ud i børnehaverne. Vi ved ikke præcist hvor meget, eller hvad der skal til for at ændre det."
    "\n\nVi søger nogen, der kan måle madspildet, finde årsagerne sammen med køkkenerne og afprøve løsninger i et halvt år."
)
BID = (
    "Vi måler i to uger i seks køkkener, taler med personalet og prøver tre ændringer. Hver måned får I en side med, hvad der"
    " virker."
)
PLAN = (
    "Virksomheden har i tre år solgt til kunder i egnen og vil nu ud over den. Ordrerne er der; det, der mangler, er plads på "
    "lageret og en, der sælger på fuld tid.",
    "Lånet bruges til det, der står i ansøgningen. Indtjeningen af de nye kunder dækker renter og afdrag fra det andet år, også "
    "hvis salget bliver en tredjedel mindre end ventet.",
    "Om tre år er vi ti flere. De første to er en sælger og en på lageret.",
)
"""What the steering group reads before it votes."""
FURNITURE = (
    "Vi skal indrette 40 arbejdspladser på rådhuset og vil helst købe brugte møbler. De skal kunne hæves og sænkes, og de skal"
    " passe sammen.\n\nVi søger nogen, der kan finde møblerne, sætte dem i stand, stille dem op og tage dem retur, når vi ikke"
    " skal bruge dem mere."
)
FURNITURE_BID = (
    "Vi har 60 brugte hæve-sænke-borde på lager. Vi udskifter plader og kabler, stiller op over en weekend og giver to års"
    " garanti. Møblerne kan leveres tilbage til halv pris inden for fem år."
)

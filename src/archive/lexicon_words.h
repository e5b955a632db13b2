// The words of lexicon.cpp, folded. Private to it.
#pragma once

#include <array>
#include <string_view>

#include "lexicon.h"

namespace attacca::archive::words {

struct FormWords {
  std::string_view form;
  Shape shape;
  bool movement;
  std::string_view words;
};

// Works with movements; some of them also head movements ("Finale: Rondo").
inline constexpr std::array kForms = std::to_array<FormWords>({
    {"sonata", Shape::cyclic, false,
     "sonaten sonat sonaatti szonata sonati "
     "sonata sonate sonatas sonaten sonates sonaty sonaten"},
    {"sonatina", Shape::cyclic, false,
     "sonatiny szonatina "
     "sonatina sonatine sonatinas sonatinen"},
    {"concerto", Shape::cyclic, false,
     "kontserta kontserty konsert konsertto concertos koncerty koncertem cto conc konzerts "
     "klarinettenkonzert hornkonzert flotenkonzert oboenkonzert trompetenkonzert orgelkonzert "
     "bratschenkonzert fagottkonzert gitarrenkonzert harfenkonzert vioolconcert "
     "pianoconcert celloconcert violinkonsert pianokonsert versenymu hegeduverseny zongoraverseny "
     "koncertstuk klarinetconcert hoornconcert fluitconcert hoboconcert harpconcert "
     "orgelconcert trompetconcert fagotconcert gitaarconcert klarinettkonsert cellokonsert "
     "flojtkonsert violinkoncert klaverkoncert cellokoncert klaverkonsert fiolinkonsert "
     "gordonkaverseny "
     "concerto concert concerti concertos konzert konzerte concierto koncert concertstuck "
     "konzertstuck kontsert doppelkonzert tripelkonzert violinkonzert klavierkonzert cellokonzert"},
    {"concertino", Shape::cyclic, false, "concertino konzertino"},
    {"quartet", Shape::cyclic, false,
     "kvarteta kvartety kwartet strijkkwartet kvartett strakkvartett vonosnegyes jousikvartetto "
     "quarteto quarteta qt qrt qtet quatuors cuartetos klarinettenquartett flotenquartett "
     "streichquartette quartetsatz strygekvartet strykekvartett klaverkvartet klaverkvartett "
     "pianokvartett pianokwartet fluitkwartet jousikvartetti quartets "
     "quartet quartett quartetto quatuor cuarteto kvartet quartets quartette streichquartett "
     "klavierquartett"},
    {"quintet", Shape::cyclic, false,
     "kvinteta kwintet kvintett qnt blaserquintett strijkkwintet pianokwintet "
     "gitarrenquintett klarinetkwintet klarinettkvintett pianokvintett strakkvintett "
     "strygekvintet klaverkvintet "
     "quintet quintett quintetto quintette quinteto kvintet streichquintett klavierquintett "
     "klarinettenquintett quintets"},
    {"trio", Shape::cyclic, true,
     "tria triot pianotrio strijktrio stryktrio horntrio "
     "klarinettentrio "
     "trio trios klaviertrio streichtrio terzetto"},
    {"duo", Shape::cyclic, false, "duo duos duet duets duett duette duetto"},
    {"sextet", Shape::cyclic, false,
     "sekstet sexteto sextett "
     "sextet sextett sestetto sextuor sexteto streichsextett"},
    {"septet", Shape::cyclic, false,
     "septeto septuors "
     "septet septett septuor settimino"},
    {"octet", Shape::cyclic, false,
     "oktet okteto octuors "
     "octet oktett ottetto octuor octeto streichoktett"},
    {"nonet", Shape::cyclic, false, "nonet nonett nonetto"},
    {"symphony", Shape::cyclic, false,
     "simfoniya simfonii symfonia symfoni symfonii szimfonia sym symph simfoniia sinfonias "
     "sinfonica kamernaya "
     "symfonien symfonin szimfoniaja "
     "symphony sinfonie symphonie sinfonia simfonia symphonies sinfonien symfonie "
     "streichersinfonie "
     "sinfonietta kammersymphonie kammersinfonie"},
    {"serenade", Shape::cyclic, false,
     "serenada serenady serenad szerenad serenata serenaad "
     "serenade serenata serenades serenaden streicherserenade"},
    {"suite", Shape::cyclic, false,
     "syuita syuity svit sviten svita suita szvit orkestersuite sarja suitte "
     "suite suites suiten ballettsuite orchestersuite"},
    {"partita", Shape::cyclic, false, "partita partia partiten partitas partite"},
    {"divertimento", Shape::cyclic, false,
     "divertisment divertimenta "
     "divertimento divertissement divertimenti divertimentos"},
    {"cassation", Shape::cyclic, false, "cassation kassation"},
    {"mass", Shape::cyclic, false,
     "messa mse missae "
     "mass messe missa messa misa"},
    {"requiem", Shape::cyclic, false, "requiem"},
    {"cantata", Shape::cyclic, false,
     "kantata cantatas kantaten "
     "cantata kantate cantate"},
    {"oratorio", Shape::cyclic, false, "oratorio oratorium"},
    {"passion", Shape::cyclic, false, "passion"},
    {"magnificat", Shape::cyclic, false, "magnificat"},
    {"gloria", Shape::cyclic, false, "gloria"},
    {"ballet", Shape::cyclic, false,
     "baleta balety ballette "
     "ballet ballett balletto balet"},
    {"opera", Shape::cyclic, false,
     "opery "
     "opera oper operetta operette"},
    {"prelude", Shape::piece, true,
     "prelyudiya prelyudii preludia preludios preludier preludi preludes preludyum preludier "
     "prelud praludien voorspel forspill forspil eloljatek "
     "prelude preludes praludium preludio praeludium preludium preludes vorspiel preludii"},
    {"rhapsody", Shape::piece, false,
     "rapsodiya rapsodiia rapszodia rhapsodien rapsodi "
     "rhapsody rhapsodie rapsodie rapsodia rhapsodies"},
    {"nocturne", Shape::piece, true,
     "noktyurn noctyurn nocturno noturno notturni nokturn nokturna nocturnos "
     "nocturne nocturnes notturno nokturno nachtstuck"},
    {"etude", Shape::piece, true,
     "etyud etyudy studie studien studi etudy etuda etiuda etiudy estudi estudis "
     "etude etudes etuden studies estudio studio etiud"},
    {"caprice", Shape::piece, true,
     "kapris kaprisy kaprys kapriz kaprichchio caprichos capricen kaprice "
     "caprice caprices capriccio capricci capricho caprisses"},
    {"waltz", Shape::piece, true,
     "wals walc valcik valsi keringo valsas valzer valses waltser valsy "
     "waltz valse walzer waltzes valses vals valzer"},
    {"mazurka", Shape::piece, true,
     "mazurki mazurca "
     "mazurka mazurkas mazurek mazurken"},
    {"polonaise", Shape::piece, true,
     "polonez polonesa polonaisen polskij polonezy "
     "polonaise polonaises polacca polonez"},
    {"impromptu", Shape::piece, true, "impromptu impromptus"},
    {"ballade", Shape::piece, true,
     "ballada balada balade ballader baladas "
     "ballade ballad ballata ballades"},
    {"romance", Shape::piece, true,
     "romansa romanza romanzas romansy romanssi romansz "
     "romance romanze romanza romances romanzen romans"},
    {"intermezzo", Shape::piece, true, "intermezzo intermezzi intermede"},
    {"bagatelle", Shape::piece, true, "bagatelle bagatelles bagatellen"},
    {"dance", Shape::piece, true,
     "dansa danses dansar tantsi tance "
     "tantsy tanets danca dancas dansen taniec tance tanssi tanc tancok danser dansas volkstanze "
     "danzon "
     "dance dances tanz tanze danse danses danza danzas tanec"},
    {"song", Shape::piece, true,
     "pesnya pesni piesn piesni pisen pisne laulu canciones canzoni chansons sanger cancao "
     "piosenka canco cancons liederen sange "
     "song songs lied lieder chanson melodies melodie melody canzone cancion"},
    {"scherzo", Shape::piece, true,
     "skertso skerzo scherz "
     "scherzo scherzi scherzos scherzino"},
    {"fantasy", Shape::piece, true,
     "fantaziya fantazja fantazie fantazia fantaisies fantasi fantasia "
     "fantasy fantasia fantasie fantaisie phantasie fantasias fantasien phantasy"},
    {"variations", Shape::piece, true,
     "variatsii variatsiyi wariacje variace variacie valtozatok variaciok variazione vars "
     "variationer "
     "variaties variacions muunnelmia variasjoner "
     "variations variationen variation variazioni variazione variaciones"},
    {"overture", Shape::piece, true,
     "uvertyura uwertura predehra nyitany ouverturen overtures ouvertura uvertura uvertyr ouvertyr "
     "alkusoitto "
     "overture ouverture ouverture overtura ouverturen obertura"},
    {"elegy", Shape::piece, true,
     "elegiya elegies "
     "elegy elegie elegia elegies"},
    {"fugue", Shape::piece, true,
     "fugi fugas "
     "fugue fuge fuga fugues"},
    {"toccata", Shape::piece, true, "toccata toccatas"},
    {"chaconne", Shape::piece, true, "chaconne ciaccona chacony ciacona chacone"},
    {"passacaglia", Shape::piece, true, "passacaglia passacaille passacalle"},
    {"march", Shape::piece, true,
     "marsh marsz pochod indulo marcha marschen marches marsche marxa "
     "march marche marsch marcia marches"},
    {"polka", Shape::piece, true,
     "polki polek "
     "polka polkas"},
    {"tango", Shape::piece, true, "tango tangos"},
    {"minuet", Shape::piece, true,
     "minueto menuety menuett menuetten "
     "minuet menuet menuett menuetto minuetto minueto minuetti menuetti minuets"},
    {"rondo", Shape::piece, true,
     "ronda rondos "
     "rondo rondeau rondino"},
    {"aria", Shape::piece, true,
     "ariya arii arias "
     "aria air arie arioso arietta"},
    {"adagio", Shape::piece, true, "adagio"},
    {"andante", Shape::piece, true, "andante"},
    {"allegro", Shape::piece, true, "allegro"},
    {"largo", Shape::piece, true, "largo"},
    {"canon", Shape::piece, true, "canon kanon canone"},
    {"invention", Shape::piece, true, "invention inventions inventionen"},
    {"humoresque", Shape::piece, true,
     "yumoreska humoreske "
     "humoresque humoreske humoresques humoreska humoresken"},
    {"lullaby", Shape::piece, true,
     "kolybelnaya kolysanka ukolebavka bolcsodal schlummerlied vaggvisa vuggevise "
     "lullaby berceuse wiegenlied cradlesong ninna nanna"},
    {"legend", Shape::piece, true,
     "legendy legenden"
     "legend legende legenda"},
    {"meditation", Shape::piece, true, "meditation meditazione"},
    {"poem", Shape::piece, false,
     "poemat tondichtung "
     "poem poeme gedicht poema"},
    {"tarantella", Shape::piece, true,
     "tarantela "
     "tarantella tarantelle"},
    {"csardas", Shape::piece, true, "csardas czardas"},
    {"habanera", Shape::piece, true, "habanera havanaise"},
    {"bolero", Shape::piece, true, "bolero"},
    {"sarabande", Shape::piece, true, "sarabande sarabanda"},
    {"gavotte", Shape::piece, true, "gavotte gavotta gavottes"},
    {"bourree", Shape::piece, true, "bourree bouree bourrees borea"},
    {"gigue", Shape::piece, true, "gigue giga jig"},
    {"moment", Shape::piece, false, "moment moments"},
});

// What only a movement is called, or what says its tempo and character.
inline constexpr std::string_view kTempo =
    "grave lento larghetto adagietto andantino moderato allegretto vivace vivacissimo presto "
    "prestissimo allegrissimo maestoso tempo sostenuto cantabile espressivo dolce mosso con moto "
    "brio "
    "fuoco spirito anima grazia assai molto poco non troppo ma piu meno meno quasi un vivo animato "
    "agitato appassionato grazioso giocoso scherzando marcato risoluto tranquillo semplice mesto "
    "affettuoso energico comodo lamentoso pesante rubato finale final cadenza recitativo recitativ "
    "recitative introduction introduzione einleitung intrada entree langsam lebhaft massig schnell "
    "ruhig bewegt breit rasch sehr etwas nicht zu lent vif modere anime tres assez gai grazieux "
    "theme thema tema pastorale siciliana siciliano sicilienne allemande allemanda courante "
    "corrente "
    "corrento double musette passepied loure rigaudon riguadon badinerie rejouissance forlane "
    "hornpipe notturna alla siciliana turca zingara ongarese saltarello furiant dumka trepak hora "
    "pizzicato ostinato perpetuo epilogue epilog prologue prolog postlude interlude zwischenspiel "
    "cavatina chorale choral chorus coro hymne hymn burlesque burleske burletta danzante pezzo "
    "fuocoso calmo deciso lugubre misterioso mysterioso funebre solenne nobile leggiero leggero "
    "spiritoso amoroso piacevole feroce barbaro furioso tumultuoso impetuoso ritenuto doppio "
    "movimento mvt movement movements satz mouvement attacca segue coda kyrie sanctus benedictus "
    "credo agnus dei lacrimosa dies irae sinfonico serioso cortege scene szene scena act recit "
    "adazhio andantino lentement lebhafte andantes presztissimo zhivo medlenno bystro rasskaz "
    "vokaliz vocalise barcarolle barkarola barcarola canzonetta arietta canzona ricercar ricercare "
    "pavane pavana galliard gaillarde ecossaise landler cakewalk galop furioso lamento threnody "
    "dirge trauermarsch hochzeitsmarsch fanfare introit offertoire communion vivement rapide "
    "calme doux sicilienna zivo pomalu szybko langzaam lugubre langsamer lebhafter massiger "
    "schneller bewegter frisch feurig innig zart munter leidenschaftlich ausdruck ausdrucksvoll "
    "fougueux rythme expressif toujours libre libremente lentamente tranquillamente maestosa "
    "blessed habanera blues ragtime foxtrot hoedown";

inline constexpr std::string_view kFiller =
    "for and in the a an of to from on with fur und von aus mit der die das dem den des im zu zum "
    "zur "
    "pour et de du la le les en avec sur au aux un une per e il i gli da del della dello dei delle "
    "con al alla y para el los las major minor dur moll majeur mineur maggiore minore mayor menor "
    "flat sharp op opus no nr num number numero posth posthumous live remastered recorded version "
    "arr arranged arrangement transcribed transcription orch orchestrated edited ed by after "
    "complete "
    "excerpt excerpts selection selections mov mvt original l d dlya dla voor och till til pro pre "
    "i w ur z a d dels dell uit het een och og med fra fran samt ja "
    "ze na mezi por di da dal dalla dallo dall dai bearb bearbeitet transcr transkr "
    "bemol bemolle bemoll diese diesis diez sostenido mol mazhor soch";

struct InstrumentWords {
  Instruments instruments;
  std::string_view words;
};

inline constexpr std::array kInstruments = std::to_array<InstrumentWords>({
    {instrument::kViolin,
     "skrzypcowy skrzypcowa skrzypcowe houslovy houslova violi "
     "vln vlns vl skripki skripok viool violer fiolin fioliner skrzypce skrzypiec housle hegedu "
     "viulu violinsonate vioolconcert vioolsonate hegeduverseny violinsonaten violinkonsert "
     "violin violins violine violinen violon violons violino violini geige skripka vn "
     "violinkonzert"},
    {instrument::kViola,
     "vla vlas bratschen altviool bratschenkonzert altovka "
     "viola violas bratsche alto altos viole"},
    {instrument::kCello,
     "wiolonczelowy wiolonczelowa "
     "vlc vcl violonchel violoncheli wiolonczela wiolonczele gordonka cellosonate cellosuite sello "
     "celloconcert violonchelos "
     "cello cellos violoncello violoncelli violoncelle violoncelles violoncellos celli "
     "cellokonzert vc violonchelo"},
    {instrument::kBass,
     "kontrabas contrabajo contrabas bassi "
     "bass kontrabass contrabass contrebasse contrabbasso doublebass"},
    {instrument::kPiano,
     "fortepianowy fortepianowa klavirni klaver klaverkoncert klaverkonsert "
     "pno fortepyano royal klavir zongora piani klaviersonate klaviersonaten klavierstucke "
     "klavierkvartett klaviertrios pianoforti pianokonsert pianoconcert pianotrio pianosonate "
     "zongoraverseny fortepian "
     "piano pianos klavier pianoforte fortepiano pf hammerklavier klavierkonzert "
     "klavierquintett klavierquartett klaviertrio"},
    {instrument::kHarpsichord,
     "klavesin clavecembalo klavecin clave "
     "harpsichord cembalo clavecin clavicembalo clavichord keyboard clavier"},
    {instrument::kOrgan,
     "orgue orgeln orgelkonzert varhany "
     "organ orgel orgue organo"},
    {instrument::kFlute,
     "fl fluit flet fletna flojt flojte flauta fleyta huilu flotenkonzert flautas traverso "
     "flute flutes flote floten flauto flauti recorder blockflote piccolo"},
    {instrument::kOboe,
     "hobo hoboj oboj goboy hoboe oboenkonzert "
     "oboe oboes hautbois oboen oboi"},
    {instrument::kClarinet,
     "clar klarnet klarinet clarinet clarinete klarinetti klarinettenquartett klarinettenkonzert "
     "klarinettentrio "
     "clarinet clarinets klarinette clarinette clarinetto klarinettenquintett"},
    {instrument::kBassoon,
     "fagot fagotti bsn fagottkonzert "
     "bassoon fagott basson fagotto bassoons"},
    {instrument::kHorn,
     "valtorna trompa hoorn hornkonzert horntrio waldhorn roh waltornia rog valthorn "
     "horn horns cor corno corni horner"},
    {instrument::kTrumpet,
     "truba tpt trompeta trompetenkonzert trumpeta "
     "trumpet trumpets trompete trompette tromba trompeten cornet"},
    {instrument::kTrombone, "trombone trombones posaune tuba"},
    {instrument::kGuitar,
     "gitara gitar gtr gitarrenquintett gitarrenkonzert guitarras "
     "guitar guitars gitarre guitare chitarra guitarra lute laute mandolin mandoline mandolino"},
    {instrument::kHarp,
     "arfa harfenkonzert "
     "harp harfe harpe arpa"},
    {instrument::kVoice,
     "voice soprano tenor baritone mezzo countertenor contralto singstimme sopran voix canto"},
    {instrument::kChoir, "choir chor choeur coro chorus choral mixed chorale"},
    {instrument::kOtherSolo,
     "saxophone accordion bandoneon tabla marimba percussion harmonica vibraphone timpani "
     "balalaika domra duduk cimbalom"},
    {instrument::kStrings,
     "str strs strijkers strijkorkest strijkkwartet strijkkwintet strijktrio strakar strakkvartett "
     "stryk strunny strunnyi strunnogo strunnykh smyczkowy smyczkowe smyczkowa smyccovy smyccove "
     "vonos vonosnegyes jouset jousikvartetto cuerda corde arcos jouser "
     "strings string streicher streichorchester cordes archi cuerdas streichquartett "
     "streichquintett streichtrio streichsextett streichoktett streicherserenade streichersinfonie "
     "streich"},
    {instrument::kOrchestra,
     "orkestr orkestra orkest orkester orkiestra orchestr zenekar orkesteri orq kamerorkester "
     "streichorchesters orch orchestre "
     "orchestra orchester orchestre orchestral orquesta orkester orchestersuite"},
    {instrument::kContinuo, "continuo bc generalbass basso"},
    {instrument::kWinds, "winds wind blaser vents woodwind"},
    {instrument::kBand, "band"},
    {instrument::kElectronics, "electronics tape electronic elektronik"},
    {instrument::kSolo, "solo unaccompanied alone senza seul"},
    {instrument::kTwo, "double doppelkonzert"},
    {instrument::kThree, "triple tripelkonzert"},
});

inline constexpr std::array<std::string_view, 12> kCardinals = {
    "one ein eine einen uno una odin",
    "two zwei deux due dos dva dve dvukh twee dois duas zwo",
    "three drei trois tre tres tri trekh drie trzy",
    "four vier quatre quattro cuatro chetyre quatro cztery ctyri",
    "five funf cinq cinque cinco pyat vijf piec",
    "six sechs sei seis shest zes szesc",
    "seven sieben sept sette siete sem zeven sete",
    "eight acht huit otto ocho vosem oito",
    "nine neun neuf nove nueve",
    "ten zehn dix dieci diez",
    "eleven elf onze undici",
    "twelve zwolf douze dodici doce"};
inline constexpr std::array<std::string_view, 10> kOrdinals = {
    "eerste forsta prvni pierwszy pierwsza 1e 1r 1a "
    "first 1st erste erster erstes premier premiere prima primo primera primeiro 1er 1ere 1re "
    "pervaya 1o",
    "tweede andra druhy druha drugi druga segona 2n 2a "
    "second 2nd 2e 2eme 2de vtoraya 2o zweiten zweite zweiter zweites deuxieme seconde secondo "
    "seconda segundo",
    "derde tredje treti trzeci trzecia 3r 3a "
    "third 3rd 3e 3eme tretya 3o dritten dritte dritter drittes troisieme terzo terza tercero",
    "vierde fjarde fjerde ctvrty ctvrta czwarty czwarta 4t 4a "
    "fourth 4th 4e 4eme chetvertaya 4o vierte vierter viertes quatrieme quarto quarta cuarto",
    "vijfde femte paty pata piaty piata 5a "
    "fifth 5th 5e 5eme 5o funfte funfter funftes cinquieme quinto quinta",
    "zesde sjatte sjette sesty sesta szosty szosta "
    "sixth 6th 6e 6eme sechste sechster sechstes sixieme sesto sesta",
    "zevende sjunde syvende sedmy sedma siodma "
    "seventh 7th 7e 7eme siebte siebter septieme settimo settima",
    "achtste attonde ottende osmy osma "
    "eighth 8th 8e 8eme achte achter huitieme ottavo ottava",
    "negende nionde niende devaty devata dziewiata "
    "ninth 9th 9e 9eme neunte neunter neuvieme nono nona",
    "tenth 10th 10e 10eme zehnte zehnter dixieme decimo decima"};

}  // namespace attacca::archive::words

// Which spelling of a work readers of English see.
#include <unordered_set>

#include "attacca/base/text.h"

#include "lexicon.h"

namespace attacca::archive {
namespace {

constexpr std::string_view kForeign =
    "sonate sonaten sonates sonaty konzert konzerte concierto koncert kontsert konzertstuck "
    "doppelkonzert tripelkonzert violinkonzert klavierkonzert cellokonzert konzertino quartett "
    "quartetto quatuor cuarteto kvartet quartette streichquartett klavierquartett quintett "
    "quintetto quintette quinteto kvintet streichquintett klavierquintett klarinettenquintett "
    "klaviertrio streichtrio terzetto duett duette duetto sextett sestetto sextuor sexteto "
    "streichsextett septett septuor settimino oktett ottetto octuor octeto streichoktett nonett "
    "nonetto sinfonie symphonie sinfonia simfonia sinfonien symfonie streichersinfonie "
    "kammersymphonie kammersinfonie serenata serenaden streicherserenade suiten ballettsuite "
    "orchestersuite messe missa messa misa kantate cantate oratorium ballett balletto balet oper "
    "operette praludium preludio praeludium preludium vorspiel rapsodie rapsodia notturno nokturno "
    "nachtstuck etuden estudio studio etiud capricho walzer valzer romanze romanza romanzen romans "
    "bagatellen tanz tanze danse danses danza danzas tanec lied lieder cancion canzone fantasie "
    "fantaisie phantasie fantasien variationen variazioni variazione variaciones ouverture "
    "overtura "
    "ouverturen obertura elegie elegia fuge fuga marche marsch marcia menuett menuetto minuetto "
    "minueto kanon canone inventionen humoreske humoresken wiegenlied legende legenda meditazione "
    "poeme gedicht poema "
    "violine violinen violon violons violino violini geige bratsche viole violoncelli violoncelle "
    "violoncelles celli kontrabass contrebasse contrabbasso klavier cembalo clavecin orgel orgue "
    "organo flote floten flauto flauti blockflote hautbois oboen oboi klarinette clarinetto fagott "
    "basson fagotto corno corni horner trompete tromba trompeten posaune gitarre guitare chitarra "
    "guitarra laute harfe harpe arpa singstimme voix canto chor choeur coro streicher "
    "streichorchester cordes archi cuerdas orchester orchestre orquesta orkester blaser "
    "fur und von aus mit der die das den dem im zum zur nach pour et avec per dur moll majeur "
    "mineur "
    "maggiore minore mayor menor nr bemol bemolle diese diesis";

}  // namespace

bool isForeign(std::string_view folded) {
  static const std::unordered_set<std::string> kWords = [] {
    const std::vector<std::string> words = splitWords(kForeign);
    return std::unordered_set<std::string>(words.begin(), words.end());
  }();
  return kWords.contains(std::string(folded));
}

}  // namespace attacca::archive

#include "tag_names.h"

namespace attacca::embed {

const std::string_view kMsdTags =
    "rock\npop\nalternative\nindie\nelectronic\nfemale vocalists\ndance\n00s\n"
    "alternative rock\njazz\nbeautiful\nmetal\nchillout\nmale vocalists\nclassic rock\nsoul\n"
    "indie rock\nMellow\nelectronica\n80s\nfolk\n90s\nchill\ninstrumental\npunk\noldies\n"
    "blues\nhard rock\nambient\nacoustic\nexperimental\nfemale vocalist\nguitar\nHip-Hop\n70s\n"
    "party\ncountry\neasy listening\nsexy\ncatchy\nfunk\nelectro\nheavy metal\n"
    "Progressive rock\n60s\nrnb\nindie pop\nsad\nHouse\nhappy";

const std::string_view kMttTags =
    "guitar\nclassical\nslow\ntechno\nstrings\ndrums\nelectronic\nrock\nfast\npiano\nambient\n"
    "beat\nviolin\nvocal\nsynth\nfemale\nindian\nopera\nmale\nsinging\nvocals\nno vocals\n"
    "harpsichord\nloud\nquiet\nflute\nwoman\nmale vocal\nno vocal\npop\nsoft\nsitar\nsolo\n"
    "man\nclassic\nchoir\nvoice\nnew age\ndance\nmale voice\nfemale vocal\nbeats\nharp\ncello\n"
    "no voice\nweird\ncountry\nmetal\nfemale voice\nchoral";

}  // namespace attacca::embed

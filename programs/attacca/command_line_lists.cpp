#include "command_line_lists.h"

#include "options.h"

namespace attacca::cli {

void declareLists(const DeclareCommand& declare, ListsArgs& args) {
  CLI::App* tracks =
      declare(nullptr, "tracks", "list the tracks",
              "  attacca tracks\n  attacca tracks --album \"new world\"\n"
              "  attacca tracks --removed --json",
              [&args](const Context& context) { return cli::tracks(context, args.tracks); });
  tracks->add_option("--album", args.tracks.album,
                     "only this album: its id or a part of its title");
  tracks->add_flag("--removed", args.tracks.removed, "the removed ones instead");
  tracks->add_flag("--why", args.tracks.why, "why its people, work and movement are what they are");
  tracks->add_option("--limit", args.tracks.limit, "at most so many")->check(CLI::PositiveNumber);
  tracks->add_option("--offset", args.tracks.offset, "after so many")
      ->check(CLI::NonNegativeNumber);

  CLI::App* show =
      declare(nullptr, "show", "one track: what it is, what it sounds like, where it lies",
              "  attacca show 17\n  attacca show new world largo\n"
              "What it sounds like is known of recordings that were heard with `aspects`:\n"
              "  attacca embed --all --representation aspects",
              [&args](const Context& context) { return cli::show(context, args.track); });
  addOption(*show, option::kTrack, args.track)->required();

  declare(nullptr, "albums", "list the albums", "  attacca albums",
          [](const Context& context) { return cli::albums(context); });

  declare(nullptr, "duplicates", "recordings that are there more than once, and which to keep",
          "  attacca duplicates\n  attacca duplicates --json\n"
          "The same recording in another encoding or trimmed otherwise is found by its "
          "sound; another\n"
          "performance of the same work is none. Nothing is removed.",
          [](const Context& context) { return cli::duplicates(context); });
}

}  // namespace attacca::cli

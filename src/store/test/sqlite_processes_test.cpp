// Several processes on one archive, and processes that are killed. No process forks with an archive
// open: SQLite's locks do not survive that.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <set>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/store/sqlite_archive.h"

#include "store_fixture.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;
using archive::TrackFilter;
using testing::IsEmpty;

// A process that runs `work`, which writes what is done to `report`.
class Child {
 public:
  explicit Child(const std::function<void(int report)>& work) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      int status = 1;
      try {
        work(ends[1]);
        status = 0;
      } catch (const std::exception& error) {
        std::fprintf(stderr, "child: %s\n", error.what());
      }
      ::_exit(status);
    }
    ::close(ends[1]);
    report_ = UniqueFd(ends[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) kill();
  }

  // Waits for the first word of the child, and says whether there was one.
  bool began() {
    char byte = 0;
    return ::read(report_.get(), &byte, 1) == 1;
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    ended();
  }
  int ended() {
    int status = -1;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }
  bool running() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
  }
  // What was reported and not read yet. Call after the end.
  std::string report() {
    std::string all;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(report_.get(), buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
  }

 private:
  pid_t pid_ = -1;
  UniqueFd report_;
};

archive::Arrival numbered(int number) {
  const std::string name = std::to_string(number);
  return arrivalOf("/m/" + name + ".flac", name, "Album " + std::to_string(number / 10));
}

// Enters files from `first` on and logs that each was heard, for ever; one line a file.
void enterForEver(const fs::path& file, int first, int report) {
  SqliteArchive archive(file, OpenMode::existing);
  for (int number = first;; ++number) {
    const TrackId track = archive.catalogue().enter(numbered(number));
    const archive::Interaction heard{archive.log().user("anna"), track,
                                     UnixTime(std::chrono::seconds(number)), 1};
    archive.log().record(std::span(&heard, 1));
    writeAll(report, std::to_string(number) + "\n", "report");
  }
}

class Processes : public testing::Test {
 protected:
  Processes() { SqliteArchive(file_, OpenMode::create); }

  const TemporaryFolder folder_;
  const fs::path file_ = folder_ / "archive.db";
};

TEST_F(Processes, WhatAKilledProcessReportedIsThereAndWhole) {
  const int rounds = std::getenv("ATTACCA_LONG") != nullptr ? 500 : 20;
  std::mt19937 random(20261124);
  std::uniform_int_distribution<int> pause_us(0, 40'000);
  int reported = 0;
  for (int round = 0; round < rounds; ++round) {
    Child child([&](int report) { enterForEver(file_, reported, report); });
    ASSERT_TRUE(child.began());
    std::this_thread::sleep_for(std::chrono::microseconds(pause_us(random)));
    child.kill();
    const std::string lines = child.report();
    // The first digit was read by began().
    reported += static_cast<int>(std::count(lines.begin(), lines.end(), '\n'));
    SqliteArchive archive(file_, OpenMode::existing);
    ASSERT_THAT(archive.check(), IsEmpty()) << "round " << round;
    const auto counts = archive.catalogue().counts();
    ASSERT_GE(counts.tracks, reported);
    ASSERT_LE(counts.tracks, reported + 1);
    ASSERT_GE(counts.interactions, reported);
    for (int number = 0; number < reported; ++number) {
      const auto place = archive.catalogue().place(numbered(number).path);
      ASSERT_TRUE(place.has_value()) << number;
      ASSERT_EQ(archive.catalogue().track(place->track)->hash, audioOf(std::to_string(number)));
    }
  }
  EXPECT_GE(reported, rounds);
}

TEST_F(Processes, AKilledImportIsThereAsAWholeOrNotAtAll) {
  constexpr std::size_t kRows = 3000;
  std::vector<archive::CatalogueRow> rows(kRows);
  const int rounds = std::getenv("ATTACCA_LONG") != nullptr ? 200 : 8;
  std::mt19937 random(20261124);
  std::uniform_int_distribution<int> pause_us(0, 400'000);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < kRows; ++i) {
      rows[i].key = "id:" + std::to_string(i);
      rows[i].external_id = std::to_string(i);
      rows[i].written.title = "Title " + std::to_string(i) + " of " + std::to_string(round);
      rows[i].written.album = "Album " + std::to_string(i / 10);
      rows[i].written.composers = {"Jan Novak " + std::string(1, static_cast<char>('A' + i / 200))};
    }
    Child child([&](int report) {
      SqliteArchive archive(file_, OpenMode::existing);
      writeAll(report, "x", "report");
      archive.catalogue().enterRows(rows, false, {});
    });
    ASSERT_TRUE(child.began());
    std::this_thread::sleep_for(std::chrono::microseconds(pause_us(random)));
    child.kill();
    SqliteArchive archive(file_, OpenMode::existing);
    ASSERT_THAT(archive.check(), IsEmpty()) << "round " << round;
    const auto tracks = archive.catalogue().tracks(TrackFilter{});
    ASSERT_TRUE(tracks.empty() || tracks.size() == kRows) << tracks.size();
    std::set<std::string> rounds_seen;
    for (const auto& track : tracks) {
      rounds_seen.insert(track.title.substr(track.title.rfind(' ')));
      ASSERT_EQ(track.composers.size(), 1U);
    }
    ASSERT_LE(rounds_seen.size(), 1U);
  }
  SqliteArchive archive(file_, OpenMode::existing);
  archive.catalogue().enterRows(rows, false, {});
  EXPECT_EQ(archive.catalogue().counts().tracks, static_cast<std::int64_t>(kRows));
}

TEST_F(Processes, AReaderSeesWholeChangesWhileAWriterWrites) {
  constexpr int kBatch = 10;
  Child child([&](int report) {
    SqliteArchive archive(file_, OpenMode::existing);
    for (int batch = 0;; ++batch) {
      std::vector<archive::Arrival> arrivals;
      arrivals.reserve(kBatch);
      for (int i = 0; i < kBatch; ++i) arrivals.push_back(numbered(batch * kBatch + i));
      archive.catalogue().enterAll(arrivals);
      if (batch == 0) writeAll(report, "x", "report");
    }
  });
  ASSERT_TRUE(child.began());
  SqliteArchive archive(file_, OpenMode::existing);
  std::int64_t before = 0;
  for (int changes = 0; changes < 20;) {
    const auto counts = archive.catalogue().counts();
    ASSERT_EQ(counts.tracks % kBatch, 0);
    ASSERT_EQ(counts.albums * kBatch, counts.tracks);
    ASSERT_GE(counts.tracks, before);
    changes += counts.tracks > before ? 1 : 0;
    before = counts.tracks;
    for (const auto& album : archive.catalogue().albums()) ASSERT_EQ(album.tracks, kBatch);
    ASSERT_TRUE(child.running());
  }
}

TEST_F(Processes, ManyMayWriteAtOnceWithCheckpointsBetween) {
  constexpr int kEach = 60;
  const TrackId track =
      SqliteArchive(file_, OpenMode::existing).catalogue().enter(arrivalOf("/m/a.flac", "a"));
  {
    Child enters([&](int) {
      SqliteArchive archive(file_, OpenMode::existing);
      for (int i = 0; i < kEach; ++i) {
        auto arrival = numbered(i);
        arrival.identity.tags.genre = std::string(60'000, 'g');  // a checkpoint every few
        archive.catalogue().enter(arrival);
      }
    });
    const auto listen = [&](const std::string& name) {
      return [&, name](int) {
        for (int i = 0; i < kEach; ++i) {
          SqliteArchive archive(file_, OpenMode::existing);  // as a process of its own would
          const archive::Interaction heard{archive.log().user(name), track,
                                           UnixTime(std::chrono::seconds(i)), 1};
          archive.log().record(std::span(&heard, 1));
        }
      };
    };
    Child anna(listen("anna"));
    Child ben(listen("ben"));
    EXPECT_EQ(enters.ended(), 0);
    EXPECT_EQ(anna.ended(), 0);
    EXPECT_EQ(ben.ended(), 0);
  }
  SqliteArchive archive(file_, OpenMode::existing);
  EXPECT_THAT(archive.check(), IsEmpty());
  EXPECT_EQ(archive.catalogue().counts().tracks, kEach + 1);
  EXPECT_EQ(archive.catalogue().counts().interactions, 2 * kEach);
}

TEST_F(Processes, ABackupTakenWhileAnotherWritesIsWhole) {
  Child child([&](int report) { enterForEver(file_, 0, report); });
  ASSERT_TRUE(child.began());
  SqliteArchive archive(file_, OpenMode::existing);
  std::int64_t before = 0;
  for (int round = 0; round < 5; ++round) {
    archive.backup(folder_ / "backup.db");
    SqliteArchive copy(folder_ / "backup.db", OpenMode::existing);
    ASSERT_THAT(copy.check(), IsEmpty());
    const auto counts = copy.catalogue().counts();
    EXPECT_GE(counts.tracks, before);
    EXPECT_LE(counts.tracks - counts.interactions, 1);
    before = counts.tracks;
  }
  EXPECT_TRUE(child.running());
}

TEST_F(Processes, OneOfManyThatOpenANewArchiveMakesIt) {
  const fs::path fresh = folder_ / "fresh.db";
  std::vector<std::unique_ptr<Child>> children;
  children.reserve(6);
  for (int i = 0; i < 6; ++i) {
    children.push_back(std::make_unique<Child>([&, i](int) {
      SqliteArchive archive(fresh, OpenMode::create);
      archive.log().user("user " + std::to_string(i));
    }));
  }
  for (const auto& child : children) EXPECT_EQ(child->ended(), 0);
  SqliteArchive archive(fresh, OpenMode::existing);
  EXPECT_EQ(archive.catalogue().counts().users, 6);
  EXPECT_THAT(archive.check(), IsEmpty());
}

TEST(Threads, ReadAndWriteOneArchiveAtOnce) {
  const TemporaryFolder folder;
  SqliteArchive archive(folder / "archive.db", OpenMode::create);
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int writer = 0; writer < 2; ++writer) {
      threads.emplace_back([&, writer] {
        for (int i = 0; i < 15; ++i) archive.catalogue().enter(numbered(writer * 100 + i));
      });
    }
    for (int reader = 0; reader < 2; ++reader) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          for (const auto& track : archive.catalogue().tracks(TrackFilter{})) {
            if (track.path.empty() || track.artists.empty()) ++wrong;
          }
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(archive.catalogue().counts().tracks, 30);
}

}  // namespace
}  // namespace attacca::store

// What hearing a recording yields, and the messages between attacca and attacca-hear.
//
// Only attacca-hear opens what others wrote. The parent opens the files and passes descriptors; the
// two talk over a SOCK_SEQPACKET socket, one JSON message a packet, descriptors as SCM_RIGHTS. The
// child's answers are untrusted: decoding checks types, sizes and text, and throws Fault::corrupt.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/representation.h"
#include "attacca/base/sha256.h"
#include "attacca/base/units.h"

namespace attacca {

// Limits of what an answer may hold. Encoding trims to them (whole names are dropped, the later
// fields of Tags first); an answer beyond them is Fault::corrupt.
constexpr std::size_t kMaxTagBytes = 4096;        // one text or name
constexpr std::size_t kMaxTagNames = 64;          // in one list
constexpr std::size_t kMaxTagsBytes = 48 * 1024;  // all texts and names of a recording together
constexpr std::size_t kMaxSentenceBytes = 1024;   // a note, a reason, a remedy, a file name
constexpr std::size_t kMaxNotes = 32;
constexpr std::size_t kMaxSlots = 30;  // models at once

// Tags as the file's author wrote them: valid UTF-8, trimmed, no control characters. Empty when
// absent; numbers from 0 to 1,000,000.
struct Tags {
  std::string title;
  std::string album;
  std::string date;
  std::string genre;
  std::vector<std::string> artists;
  std::vector<std::string> album_artists;
  std::vector<std::string> composers;
  std::vector<std::string> conductors;
  std::vector<std::string> arrangers;
  std::vector<std::string> performers;
  std::string work;
  std::string movement;
  std::optional<int> movement_number;
  std::optional<int> movement_count;
  std::optional<int> track_number;
  std::optional<int> disc_number;
  std::string musicbrainz_recording;
  std::string musicbrainz_album;
  std::string musicbrainz_work;

  friend bool operator==(const Tags&, const Tags&) = default;
};

// EBU R128 of the whole recording. Absent where it is not defined (silence, too short).
struct Loudness {
  std::optional<double> integrated_lufs;
  std::optional<double> range_lu;
  double sample_peak = 0;  // largest |sample|, 1.0 = full scale

  friend bool operator==(const Loudness&, const Loudness&) = default;
};

// Found by reading packets, without decoding.
struct Identity {
  AudioHash hash;
  Tags tags;
  std::string format;  // container and codec for people: "ogg vorbis", "mp3", "flac"
  int rate_hz = 0;
  int channels = 0;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// Found by decoding.
struct Heard {
  AudioHash hash;
  Seconds duration{};  // what was decoded, not what a header claims
  Loudness loudness;
  std::vector<std::int64_t> clips;  // rows written, one entry for each embedding asked for
  std::vector<std::string>
      notes;  // what a person should know: "the last 12 s could not be decoded"

  friend bool operator==(const Heard&, const Heard&) = default;
};

// The descriptor at which attacca-hear finds its end of the socket. It sends Ready first.
constexpr int kHearSocket = 3;

// ---- Requests (parent to child), each with its descriptors in this order.

// Gives the child a representation to use under a number of the parent's choice.
// Descriptors: model file, none for what is built in. Answer: Ready. ONNX models are loaded before
// anything else is asked, by a child that was started for them (its greeting is a Refusal when
// OpenVINO cannot be used).
struct LoadRequest {
  int slot = 0;
  Manifest manifest;
};
// Descriptors: recording. Answers: Pace any number of times, then Identity or Refusal.
struct IdentifyRequest {
  std::string name;  // file name for messages; its extension is a hint, never believed
};
// Descriptors: recording, then one per slot (an empty file that receives clips x dim float32 .npy),
// then one for peaks, then one for the acoustic fingerprint, where asked for. Answers: Pace any
// number of times, then Heard or Refusal.
struct HearRequest {
  std::string name;
  std::vector<int> slots;
  bool peaks = false;
  bool fingerprint = false;
};
// Reads official weights and writes our model file. Descriptors: package, output file.
// Answer: Ready or Refusal.
struct ImportRequest {
  Manifest manifest;
};

using HearingRequest = std::variant<LoadRequest, IdentifyRequest, HearRequest, ImportRequest>;

// ---- Answers (child to parent)

struct Ready {
  // After start: what locks the child in, and after a semicolon what the kernel lacks for it,
  // "seccomp, rlimits; this kernel lacks landlock". Else empty.
  std::string sandbox;
};
struct Pace {
  Seconds heard{};  // of music so far, more than in the Pace before
};
// The request could not be done; the child goes on. Sentences for people, without the file's name.
struct Refusal {
  std::string reason;
  // refused: this input cannot be used. io: an output could not be written. corrupt, unsupported:
  // the model. Nothing else.
  Fault fault = Fault::refused;
  std::string remedy = {};  // may be empty
};

using HearingAnswer = std::variant<Ready, Pace, Identity, Heard, Refusal>;

// Texts are cleaned (cleanText) and trimmed to the limits above, so that what is encoded can be
// decoded and fits a packet.
std::string encode(const HearingRequest& request);
std::string encode(const HearingAnswer& answer);
HearingRequest decodeRequest(std::string_view json);
HearingAnswer decodeAnswer(std::string_view json);

// One packet with its descriptors. sendPacket throws Fault::io; receivePacket returns nullopt when
// the other side is gone, and waits at most `timeout` (Fault::busy), or for ever when it is not
// set.
struct Packet {
  std::string text;
  std::vector<UniqueFd> descriptors;
};
constexpr std::size_t kMaxPacketBytes = 128 * 1024;
constexpr std::size_t kMaxPacketDescriptors = 32;
void sendPacket(int socket, std::string_view text, std::span<const int> descriptors);
std::optional<Packet> receivePacket(int socket, std::optional<Seconds> timeout);

}  // namespace attacca

// Rewrites the tags of a file as a tagging program would.
#pragma once

#include <memory>

#include <aifffile.h>
#include <apetag.h>
#include <attachedpictureframe.h>
#include <fileref.h>
#include <flacfile.h>
#include <id3v1tag.h>
#include <id3v2tag.h>
#include <mp4coverart.h>
#include <mp4file.h>
#include <mp4tag.h>
#include <mpegfile.h>
#include <oggflacfile.h>
#include <opusfile.h>
#include <tpropertymap.h>
#include <vorbisfile.h>
#include <wavfile.h>

#include "audio_test_support.h"

namespace attacca::audio {

// By the file's extension, which the tests' files bear rightly.
inline std::unique_ptr<TagLib::File> openTagged(const fs::path& path) {
  const std::string extension = path.extension().string();
  const char* name = path.c_str();
  if (extension == ".mp3" || extension == ".aac") return std::make_unique<TagLib::MPEG::File>(name);
  if (extension == ".flac") return std::make_unique<TagLib::FLAC::File>(name);
  if (extension == ".ogg") return std::make_unique<TagLib::Ogg::Vorbis::File>(name);
  if (extension == ".oga") return std::make_unique<TagLib::Ogg::FLAC::File>(name);
  if (extension == ".opus") return std::make_unique<TagLib::Ogg::Opus::File>(name);
  if (extension == ".wav") return std::make_unique<TagLib::RIFF::WAV::File>(name);
  if (extension == ".aiff") return std::make_unique<TagLib::RIFF::AIFF::File>(name);
  return std::make_unique<TagLib::MP4::File>(name);
}

inline void setProperties(const fs::path& path, const TagLib::PropertyMap& properties) {
  const auto file = openTagged(path);
  file->setProperties(properties);
  if (!file->save()) throw std::runtime_error("cannot write tags");
}

// A cover of so many bytes.
inline void setCover(const fs::path& path, unsigned size) {
  const TagLib::ByteVector image(size, '\x55');
  const auto file = openTagged(path);
  const auto addToId3 = [&](TagLib::ID3v2::Tag* tag) {
    auto* frame = new TagLib::ID3v2::AttachedPictureFrame;  // the tag takes it
    frame->setMimeType("image/jpeg");
    frame->setPicture(image);
    tag->addFrame(frame);
  };
  const auto picture = [&] {
    auto* made = new TagLib::FLAC::Picture;  // the file takes it
    made->setMimeType("image/jpeg");
    made->setData(image);
    return made;
  };
  if (auto* mpeg = dynamic_cast<TagLib::MPEG::File*>(file.get())) addToId3(mpeg->ID3v2Tag(true));
  if (auto* wav = dynamic_cast<TagLib::RIFF::WAV::File*>(file.get())) addToId3(wav->ID3v2Tag());
  if (auto* aiff = dynamic_cast<TagLib::RIFF::AIFF::File*>(file.get())) addToId3(aiff->tag());
  if (auto* flac = dynamic_cast<TagLib::FLAC::File*>(file.get())) flac->addPicture(picture());
  if (auto* xiph = dynamic_cast<TagLib::Ogg::XiphComment*>(file->tag()))
    xiph->addPicture(picture());
  if (auto* mp4 = dynamic_cast<TagLib::MP4::File*>(file.get())) {
    TagLib::MP4::CoverArtList covers;
    covers.append(TagLib::MP4::CoverArt(TagLib::MP4::CoverArt::JPEG, image));
    mp4->tag()->setItem("covr", covers);
  }
  if (!file->save()) throw std::runtime_error("cannot write a cover");
}

}  // namespace attacca::audio

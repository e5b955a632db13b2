#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/representation.h"

namespace attacca {
namespace {

constexpr std::string_view kJukebox = R"(format = 1
name = "jukebox"
title = "What a model on another machine hears"
licence = "CC-BY-NC-4.0"
credit = "Somebody"
pooling = "mean"
silence = "keep"

[origin]
page = "https://example.org/model"
command = "models/export/jukebox.py"

[model]
network = "external"
layer = "36"
dimension = 4800
version = 1
)";

TEST(ExternalManifest, NeedsNeitherFrontEndNorClips) {
  const Manifest manifest = Manifest::parse(kJukebox, "jukebox.toml");
  EXPECT_TRUE(isExternal(manifest));
  EXPECT_FALSE(isBuiltIn(manifest));
  EXPECT_EQ(manifest.dimension, 4800);
  EXPECT_EQ(rowsPerSecond(manifest), 0);
  EXPECT_EQ(manifest.origin.command, "models/export/jukebox.py");
  EXPECT_EQ(Manifest::parse(manifest.toml(), "again").toml(), manifest.toml());
}

TEST(ExternalManifest, AnotherVersionIsAnotherFingerprint) {
  const Manifest first = Manifest::parse(kJukebox, "jukebox.toml");
  for (const auto& change :
       {+[](Manifest& m) { m.version = 2; }, +[](Manifest& m) { m.layer = "72"; },
        +[](Manifest& m) { m.dimension = 64; }}) {
    Manifest other = first;
    change(other);
    EXPECT_NE(fingerprint(other, {}), fingerprint(first, {}));
  }
  Manifest other = first;
  other.credit = "Somebody else";
  other.origin = {};
  EXPECT_EQ(fingerprint(other, {}), fingerprint(first, {}));
}

TEST(ExternalManifest, NeedsAVersion) {
  std::string text(kJukebox);
  text.erase(text.find("version"));
  EXPECT_THROW(Manifest::parse(text, "jukebox.toml"), Error);
}

}  // namespace
}  // namespace attacca

// The words that a manifest has for what is an enum in C++: used in files and in fingerprints, so
// they never change.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "attacca/base/representation.h"

namespace attacca {

template <class Enum>
struct Words;

template <>
struct Words<ClipChoice> {
  static constexpr std::array<std::pair<ClipChoice, std::string_view>, 5> all{{
      {ClipChoice::all, "all"},
      {ClipChoice::first, "first"},
      {ClipChoice::random, "random"},
      {ClipChoice::middle, "middle"},
      {ClipChoice::whole, "whole"},
  }};
};

template <>
struct Words<MelScale> {
  static constexpr std::array<std::pair<MelScale, std::string_view>, 2> all{
      {{MelScale::slaney, "slaney"}, {MelScale::htk, "htk"}}};
};

template <>
struct Words<MelNorm> {
  static constexpr std::array<std::pair<MelNorm, std::string_view>, 2> all{
      {{MelNorm::slaney, "slaney"}, {MelNorm::none, "none"}}};
};

template <>
struct Words<Spectrum> {
  static constexpr std::array<std::pair<Spectrum, std::string_view>, 2> all{
      {{Spectrum::power, "power"}, {Spectrum::magnitude, "magnitude"}}};
};

template <>
struct Words<MelEdges> {
  static constexpr std::array<std::pair<MelEdges, std::string_view>, 3> all{
      {{MelEdges::reflect, "reflect"}, {MelEdges::zeros, "zeros"}, {MelEdges::none, "none"}}};
};

template <>
struct Words<MelLogarithm> {
  static constexpr std::array<std::pair<MelLogarithm, std::string_view>, 3> all{
      {{MelLogarithm::one_plus, "one-plus"},
       {MelLogarithm::decibel, "decibel"},
       {MelLogarithm::natural, "natural"}}};
};

template <>
struct Words<OutputLayout> {
  static constexpr std::array<std::pair<OutputLayout, std::string_view>, 3> all{
      {{OutputLayout::row, "row"},
       {OutputLayout::time_first, "time-first"},
       {OutputLayout::time_last, "time-last"}}};
};

template <>
struct Words<InputLayout> {
  static constexpr std::array<std::pair<InputLayout, std::string_view>, 2> all{
      {{InputLayout::time_first, "time-first"}, {InputLayout::time_last, "time-last"}}};
};

template <>
struct Words<Precision> {
  static constexpr std::array<std::pair<Precision, std::string_view>, 2> all{
      {{Precision::fp32, "fp32"}, {Precision::bf16, "bf16"}}};
};

template <class Enum>
constexpr std::string_view word(Enum value) {
  for (const auto& [known, text] : Words<Enum>::all) {
    if (known == value) return text;
  }
  return {};
}

template <class Enum>
constexpr std::optional<Enum> meaning(std::string_view text) {
  for (const auto& [value, known] : Words<Enum>::all) {
    if (known == text) return value;
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 3> kBuiltInNetworks{"aspects", "mfcc", "chroma"};
constexpr std::array<std::string_view, 2> kOwnNetworks{"musicnn", "vgg"};

constexpr bool isBuiltInNetwork(std::string_view network) {
  for (const std::string_view known : kBuiltInNetworks) {
    if (known == network) return true;
  }
  return false;
}

}  // namespace attacca

// How good rankings are: measures over the places of what was to be found, what chance would give,
// and how far a mean can be trusted. Pure functions.
//
// A ranking is of `candidates` things, best first; `places` are those of the relevant ones, from 1,
// ascending. Measures are 0 where nothing is relevant: leave such queries out of a mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace attacca::index {

// The mean, over the relevant ones, of the share of relevant ones down to each.
double averagePrecision(std::span<const std::size_t> places);
// Of an order drawn at random: its expectation, exactly.
double averagePrecisionByChance(std::size_t relevant, std::size_t candidates);

// Discounted gain of the first `depth` places, as a share of the most that is possible; a relevant
// one at place p counts 1 / log2(1 + p) (Järvelin and Kekäläinen 2002, with gains of 0 and 1).
double ndcg(std::span<const std::size_t> places, std::size_t depth);
double ndcgByChance(std::size_t relevant, std::size_t candidates, std::size_t depth);

// Third standardised moment; 0 where all values are equal. Over how often each track is among the
// ten nearest of another, it tells hubs: 0 for none (Radovanović, Nanopoulos and Ivanović 2010).
double skewness(std::span<const double> values);

struct Interval {
  double low = 0;
  double high = 0;
};

// Where the mean of `values` lies in 95 of 100 samples like this one. Values of one group depend on
// each other (the movements of a work), so whole groups are drawn with replacement (the percentile
// bootstrap over clusters: Efron 1979; Field and Welsh 2007). `groups`: of each value, any number.
// One group: nothing can be said, and the interval is the mean alone. Deterministic for a seed, on
// every machine.
Interval bootstrapMean(std::span<const double> values, std::span<const std::int64_t> groups,
                       std::size_t rounds, std::uint64_t seed);

}  // namespace attacca::index

// Random numbers that are the same on every machine: the standard's distributions are not. Each part of the world draws
// from a stream of its own, so that a change in one leaves the others as they were.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/hash.h"

namespace garland::shop {

/// xoshiro256** (https://prng.di.unimi.it), seeded by splitmix64. Not thread-safe, not for secrets.
class Random {
 public:
  Random(uint64_t seed, std::string_view stream) {
    uint64_t state = fnv1a(stream, kFnvSeed ^ (seed * 0x9E3779B97F4A7C15));
    for (uint64_t& word : state_) {
      state += 0x9E3779B97F4A7C15;
      uint64_t z = state;
      z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
      z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
      word = z ^ (z >> 31);
    }
  }

  uint64_t next() {
    const uint64_t result = rotated(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotated(state_[3], 45);
    return result;
  }

  /// In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool chance(double probability) { return uniform() < probability; }
  /// Both ends included.
  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(uniform() * static_cast<double>(high - low + 1));
  }
  /// Mean 0, deviation 1.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * 3.14159265358979323846 * uniform());
  }
  /// Around 1: the median is 1, `spread` the deviation of its logarithm.
  double factor(double spread) { return std::exp(spread * normal()); }
  /// Exact for small means, the normal approximation past 30.
  int64_t poisson(double mean) {
    if (mean > 30) return std::max<int64_t>(0, std::llround(mean + std::sqrt(mean) * normal()));
    const double limit = std::exp(-mean);
    int64_t count = 0;
    for (double product = uniform(); product > limit; product *= uniform()) ++count;
    return count;
  }
  template <class T, size_t N>
  const T& pick(const T (&from)[N]) {
    return from[static_cast<size_t>(uniform() * N)];
  }
  /// The place of one weight, each as likely as it is heavy.
  size_t pick_weighted(std::span<const double> weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    double left = uniform() * total;
    for (size_t i = 0; i + 1 < weights.size(); ++i) {
      left -= weights[i];
      if (left < 0) return i;
    }
    return weights.size() - 1;
  }

 private:
  static uint64_t rotated(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }
  uint64_t state_[4];
};

}  // namespace garland::shop

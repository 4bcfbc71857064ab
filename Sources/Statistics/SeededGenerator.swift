/// SplitMix64: the same seed gives the same numbers on every platform and in every release.
///
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014;
/// constants as in Vigna's public-domain splitmix64.c. The standard library's `shuffle` and
/// `random(in:)` may change their use of a generator from release to release, so what has to be
/// repeatable uses the methods below.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A uniform number in `0..<bound`, without modulo bias. `bound` must not be zero.
  ///
  /// Source: Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29(1), 2019.
  package mutating func uniform(below bound: UInt64) -> UInt64 {
    precondition(bound > 0, "there is no number below zero")
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold {
        product = next().multipliedFullWidth(by: bound)
      }
    }
    return product.high
  }

  /// A uniform number in `range`, both ends included.
  package mutating func uniform(in range: ClosedRange<Int64>) -> Int64 {
    let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
    let offset = span == .max ? next() : uniform(below: span + 1)
    return range.lowerBound &+ Int64(bitPattern: offset)
  }

  /// A uniform number in `[0, 1)` with 53 random bits.
  package mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Puts the elements into a uniformly random order.
  ///
  /// Source: Durstenfeld, "Algorithm 235: Random Permutation", CACM 7(7), 1964 (Fisher-Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in elements.indices.dropFirst().reversed() {
      elements.swapAt(last, Int(uniform(below: UInt64(last) + 1)))
    }
  }

  /// The elements in a uniformly random order.
  package mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var shuffled = elements
    shuffle(&shuffled)
    return shuffled
  }
}

/// Bandwidths as people read them, in powers of 1000.
enum BandwidthText {
  /// `20 Mbit/s`.
  static func text(_ bitsPerSecond: Double) -> String {
    let steps: [(Double, String)] = [(1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")]
    let (size, unit) = steps.first { bitsPerSecond >= $0.0 } ?? (1, "bit/s")
    return "\(PlotAxis.shortest(bitsPerSecond / size)) \(unit)"
  }
}

extension Duration {
  /// The duration in whole nanoseconds, rounded towards zero; the unit that is stored.
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  /// The duration in seconds, the unit of every report, to the nanosecond: one division rounds once, so
  /// that 360 ms are 0.36 and nothing beside it.
  package var seconds: Double {
    Double(wholeNanoseconds) / 1e9
  }
}

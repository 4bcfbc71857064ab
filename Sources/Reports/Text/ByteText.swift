/// Amounts of data as people read them, in powers of 1000.
package enum ByteText {
  /// A dash where nothing could be counted.
  static func text(_ bytes: Int?) -> String {
    bytes.map { text($0) } ?? DurationText.none
  }

  /// `212 B`, `1.2 kB`, `34 MB`.
  package static func text(_ bytes: Int) -> String {
    var (value, unit) = (Double(bytes), 0)
    let units = ["B", "kB", "MB", "GB", "TB"]
    // The limit is where rounding would print 1000.
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return DurationText.fixed(value, unit == 0 || value >= 99.95 ? 0 : 1) + " \(units[unit])"
  }
}

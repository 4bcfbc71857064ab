import Clock
import Measurement

/// The links of a run in words.
enum LinkText {
  /// `24 ms there and back, ± 2.0 ms; 125 Mbit/s up, 270 Mbit/s down`.
  static func figures(_ link: LinkFacts) -> String {
    let jitter = link.jitter > .zero ? ", ± \(DurationText.text(link.jitter.seconds))" : ""
    return "\(DurationText.text(link.roundTrip.seconds)) there and back\(jitter); "
      + "\(bandwidth(link.up)) up, \(bandwidth(link.down)) down"
  }

  private static func bandwidth(_ bitsPerSecond: Int?) -> String {
    bitsPerSecond.map { BandwidthText.text(Double($0)) } ?? "no limit"
  }
}

import Processes
import Workflows

/// Whether a workstation has what manifests ask for.
enum RequestFit {
  /// `yes`, or `no: 12.00 GiB of memory are requested, and the workstation has 8.00 GiB`.
  static func sentence(of requested: RequestedResources, on station: Workstation) -> String {
    var missing: [String] = []
    if requested.memory > Double(station.memory) {
      missing.append(
        "\(gibibytes(requested.memory)) of memory are requested, and the workstation has "
          + gibibytes(Double(station.memory)))
    }
    if requested.processors > station.processors {
      missing.append(
        "\(hundredths(requested.processors)) processors are requested, and the workstation has "
          + hundredths(station.processors))
    }
    return missing.isEmpty ? "yes" : "no: " + missing.joined(separator: "; ")
  }

  private static func gibibytes(_ bytes: Double) -> String {
    "\(hundredths(bytes / 0x1p30)) GiB"
  }

  private static func hundredths(_ value: Double) -> String {
    let rounded = (value * 100).rounded()
    guard rounded < 1e15 else { return "\(value)" }
    let (whole, rest) = Int64(rounded).quotientAndRemainder(dividingBy: 100)
    return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}

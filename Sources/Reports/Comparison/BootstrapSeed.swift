/// Seeds for resampling that depend on nothing but the run's own seed and what is resampled, so that
/// a run gives the same report every time, and a cell the same figures whatever else is shown.
enum BootstrapSeed {
  /// FNV-1a, 64 bits (Fowler, Noll and Vo): unlike `Hasher`, the same in every process.
  static func derived(from seed: UInt64, for purpose: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return seed ^ hash
  }
}

import Measurement
import Workflows

/// The seats of a run, by the cells that are measured there.
final class SeatMap {
  private var seats: [Seat] = []

  subscript(cell: Cell, developer: Int, arm: Int) -> Seat? {
    seats.first { $0.developer == developer && $0.serves(cell, of: arm) }
  }

  func add(_ seat: Seat) { seats.append(seat) }

  /// Ends every app, however the run ended.
  func stopAll() async {
    await withTaskGroup(of: Void.self) { group in
      for seat in seats {
        group.addTask {
          await seat.session.stop()
          await seat.session.endProbes()
        }
      }
    }
  }
}

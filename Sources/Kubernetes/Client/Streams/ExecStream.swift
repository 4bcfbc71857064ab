package import Processes

/// A command that runs in a container, with its three streams.
///
/// It is ended with the last reference to it, or by `close`.
package protocol ExecStream: Sendable {
  /// Chunks, as they come. One task at a time may read.
  var output: Handover<[UInt8]> { get }
  var errors: Handover<[UInt8]> { get }

  /// Returns once the bytes are on their way.
  ///
  /// - Throws: `lost` if the command, or the way to it, has ended.
  func write(_ bytes: [UInt8]) async throws(KubernetesFailure)

  /// The command reads the end of its input. Not every way to a cluster can tell it that.
  func finishInput() async

  /// Waits for the command's end. Its output has to be read meanwhile.
  ///
  /// - Returns: the command's own exit status.
  /// - Throws: why it could not be started, or that the way to it was lost.
  func exit() async throws(KubernetesFailure) -> Int32

  /// Ends the way to the command; that the command itself ends isn't certain.
  func close() async
}

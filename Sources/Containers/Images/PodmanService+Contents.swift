import Foundation
import NIOCore
import NIOHTTP1
import Processes
import Synchronization

extension PodmanService {
  /// What an image's file system holds, as the engine gives it: exported from a container that is made for that and
  /// never started.
  ///
  /// - Parameters:
  ///   - podman: of the same engine.
  ///   - label: of the container, so that it is found if devbench is killed meanwhile.
  ///   - limit: for the export.
  package func files(
    of image: String, by podman: Podman, label: ContainerLabel, limit: Duration = .seconds(600)
  ) async throws(EngineFailure) -> [String: TarEntry] {
    // The command is never run; without one, an image that has none is refused.
    let id = try await podman.run(
      ["create", "--pull", "never", "--network", "none"] + label.arguments
        + ["--entrypoint", "[\"/nothing\"]", image]
    ).stdout.trimmingCharacters(in: .whitespacesAndNewlines)
    let result: Result<[String: TarEntry], EngineFailure>
    do throws(EngineFailure) {
      result = .success(try await export(id, limit: limit))
    } catch {
      result = .failure(error)
    }
    // Whoever asks may have been cancelled; what removes mustn't be.
    let removed = await Task { () -> EngineFailure? in
      do throws(EngineFailure) { try await self.remove(container: id) } catch { return error }
      return nil
    }.value
    let files = try result.get()
    if let removed { throw removed }
    return files
  }

  func export(_ id: String, limit: Duration) async throws(EngineFailure) -> [String: TarEntry] {
    let path = "/containers/\(Self.escaped(id))/export"
    let command = ["podman", "export", id]
    let reading = Mutex<(reader: TarReader, fault: TarFault?)>((TarReader(), nil))
    let status: Int
    do {
      status = try await stream(.GET, path, limit: limit) { part in
        reading.withLock { reading in
          guard reading.fault == nil else { return }
          part.withUnsafeReadableBytes { bytes in
            do throws(TarFault) {
              try reading.reader.feed(bytes)
            } catch {
              reading.fault = error
            }
          }
        }
      }
    } catch let failure as EngineFailure {
      throw failure
    } catch {
      throw .cancelled(command: command)
    }
    guard status == 200 else {
      throw .failed(command: command, exit: .exited(Int32(clamping: status)), lastLines: [])
    }
    return try reading.withLock { (reading) throws(EngineFailure) in
      do throws(TarFault) {
        if let fault = reading.fault { throw fault }
        try reading.reader.finish()
      } catch {
        throw .unreadable(command: command, reason: "\(error)")
      }
      return reading.reader.entries
    }
  }
}

import Foundation
import GRDB

extension Row {
  /// GRDB's own subscripts end the process when a value doesn't convert.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    let stored: DatabaseValue = self[column]
    guard let value = Value.fromDatabaseValue(stored) else {
      throw unknown(column, stored.description)
    }
    return value
  }

  /// Nil for NULL.
  func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    let stored: DatabaseValue = self[column]
    if stored.isNull { return nil }
    let value: Value = try value(column)
    return value
  }

  /// A column with the raw value of an enumeration.
  func name<Name: RawRepresentable<String>>(_ column: String) throws -> Name {
    let text: String = try value(column)
    guard let name = Name(rawValue: text) else { throw unknown(column, text) }
    return name
  }

  func date(_ column: String) throws -> Date {
    let text: String = try value(column)
    guard let date = StoredDate.date(text) else { throw unknown(column, text) }
    return date
  }

  func duration(_ column: String) throws -> Duration {
    .nanoseconds(try value(column) as Int64)
  }

  private func unknown(_ column: String, _ text: String) -> DatabaseError {
    DatabaseError(
      resultCode: .SQLITE_CORRUPT, message: "\(column) is '\(text)', which devbench doesn't know")
  }
}

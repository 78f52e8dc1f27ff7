package import KeeperRuntime

/// Where a keeper listens, and where commands look for it.
package enum ControlPath {
    /// Live as configured; a dry run always beside its own books, so that both can run at once.
    package static func path(
        _ config: ControlConfig, mode: StationMode, folder: String
    ) -> String {
        guard mode == .live, let socket = config.socket else { return folder + "/control.sock" }
        return socket
    }
}

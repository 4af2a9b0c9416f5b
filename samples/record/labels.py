"""The label file: one line for each flow that is not what its server port says."""
import threading


class Labels:
    """Lines of `label protocol source port destination port`; a port may be `*`."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="ascii")
        self.lock = threading.Lock()

    def add(self, label, protocol, source, source_port, destination, destination_port):
        with self.lock:
            self.file.write(f"{label} {protocol} {source} {source_port} {destination} {destination_port}\n")
            self.file.flush()

    def socket(self, label, protocol, sock):
        source, destination = sock.getsockname(), sock.getpeername()
        self.add(label, protocol, source[0], source[1], destination[0], destination[1])

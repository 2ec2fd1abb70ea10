"""What a RADIUS server does to us, in a process of its own: it asks over kept connections and waits for each answer.

    python -m bench.radius_devices PORT CREDENTIALS CONNECTIONS QUESTIONS PEOPLE

Prints the seconds it took. Half of those asked about are people nobody knows. Raw sockets: a client library would
take more of the two cores than the service that is measured.
"""

import base64
import json
import socket
import sys
import threading
import time


def main(port: int, credentials: str, connections: int, questions: int, people: int) -> None:
    each = questions // connections
    failures: list[BaseException] = []

    def device(first: int) -> None:
        try:
            ask(port, credentials, range(first, first + each), people)
        except BaseException as error:
            failures.append(error)

    began = time.perf_counter()
    threads = [threading.Thread(target=device, args=(number * each,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    print(seconds)


def ask(port: int, credentials: str, numbers: range, people: int) -> None:
    token = base64.b64encode(credentials.encode()).decode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in numbers:
            name = f"{number % people + 1}" if number % 2 else f"nobody-{number}"
            body = json.dumps({"username": name}).encode()
            head = (
                f"POST /radius/v1/standing HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            wire.sendall(head.encode() + body)
            read_answer(wire)


def read_answer(wire: socket.socket) -> None:
    said = b""
    while b"\r\n\r\n" not in said:
        said += received(wire)
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:200]
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += received(wire)


def received(wire: socket.socket) -> bytes:
    more = wire.recv(65536)
    assert more, "the connection was closed in the middle of an answer"
    return more


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:6]))

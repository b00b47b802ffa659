#!/usr/bin/python3
"""post_office.py DIRECTORY: an SMTP server and an HTTP server on loopback. Their ports go to
DIRECTORY/ports, what they are given to DIRECTORY/letters.jsonl and DIRECTORY/posts.jsonl, decoded by
Python's own parsers. Ends after ten minutes."""

import asyncio
import email
import email.policy
import json
import os
import sys

HERE = sys.argv[1]


def note(name, what):
    with open(os.path.join(HERE, name), "a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")


def as_read(sender, recipients, data):
    letter = email.message_from_bytes(data, policy=email.policy.default)
    return {"from": sender, "to": recipients, "headers": [[k, str(v)] for k, v in letter.items()],
            "subject": str(letter["Subject"]), "body": letter.get_content().replace("\r\n", "\n"), "raw": data.decode("ascii", "replace"),
            "longest": max(len(line) for line in data.split(b"\r\n")), "defects": [str(d) for d in letter.defects]}


async def smtp(reader, writer):
    def say(text):
        writer.write(text.encode() + b"\r\n")

    sender, recipients = None, []
    say("220 post office")
    while line := await reader.readline():
        words = line.decode("ascii", "replace").strip()
        verb = words[:4].upper()
        if verb == "MAIL":
            sender, recipients = words[10:].split(">")[0].strip("<"), []
            say("250 ok")
        elif verb == "RCPT":
            address = words[8:].split(">")[0].strip("<")
            if address.startswith("refused"):
                say("550 no such mailbox here")
            else:
                recipients.append(address)
                say("250 ok")
        elif verb == "DATA":
            say("354 go on")
            data = b""
            while (part := await reader.readline()) != b".\r\n":
                data += part[1:] if part.startswith(b"..") else part
            note("letters.jsonl", as_read(sender, recipients, data))
            say("250 taken")
        elif verb == "QUIT":
            say("221 bye")
            break
        else:
            say("250 ok")
    writer.close()


async def http(reader, writer):
    request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in request[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    path = request[0].split()[1]
    note("posts.jsonl", {"line": request[0], "headers": headers, "body": json.loads(body)})
    if path.startswith("/slow"):
        await asyncio.sleep(1.5)
    status = "500 Broken" if path.startswith("/broken") else "200 OK"
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
    await writer.drain()
    writer.close()


async def main():
    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for serve in (smtp, http)]
    ports = " ".join(str(s.sockets[0].getsockname()[1]) for s in servers)
    with open(os.path.join(HERE, "ports.new"), "w", encoding="ascii") as file:
        file.write(ports + "\n")
    os.rename(os.path.join(HERE, "ports.new"), os.path.join(HERE, "ports"))
    await asyncio.sleep(600)


asyncio.run(main())

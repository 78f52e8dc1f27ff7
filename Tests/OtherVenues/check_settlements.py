"""Checks a venue's settlements as docs/openapi.json says it: chain and signatures.

Shares no line with the venue or the keeper. Standard library only.

    python3 check_settlements.py URL [PUBLICKEYHEX]
"""

import hashlib
import json
import sys
from urllib.request import urlopen

import ed25519


def get(url):
    with urlopen(url, timeout=10) as reply:
        return json.load(reply)


def text(record):
    """As SettlementRecord describes its canonical text."""
    lines = [
        "settlement/1", f"id={record['id']}", f"revision={record['revision']}",
        f"previous={record['previousHash']}",
        f"policy={record['policyName']}@{record['policyVersion']}",
        f"height={record['height']}", f"account={record['account']}",
        f"keeper={record['keeper']}",
    ]
    facts = sorted(record["facts"], key=lambda fact: fact["name"].encode())
    lines += [f"fact {fact['name']} {fact['value']}" for fact in facts]
    lines += [
        f"line {line['beneficiary']} {line['amountUnits']} {line['reason']}"
        for line in record["lines"]
    ]
    return "".join(line + "\n" for line in lines).encode()


def main():
    url = sys.argv[1].rstrip("/")
    named = get(url + "/v1/capabilities")["settlementKey"].removeprefix("0x")
    key = bytes.fromhex(sys.argv[2] if len(sys.argv) > 2 else named)
    previous, count = "0x" + "0" * 64, 0
    while rows := get(f"{url}/v1/settlements?after={count}")["settlements"]:
        for row in rows:
            record, digest = row["record"], hashlib.sha256(text(row["record"])).hexdigest()
            signature = bytes.fromhex(row["signature"].removeprefix("0x"))
            if row["hash"] != "0x" + digest or record["previousHash"] != previous:
                sys.exit(f"settlement {record['id']} breaks the chain")
            signed = f"bailiff-settlement-1\n{row['hash']}\n".encode()
            if not ed25519.is_signature(key, signature, signed):
                sys.exit(f"settlement {record['id']} is not signed by {key.hex()}")
            previous, count = row["hash"], count + 1
    print(f"{count} settlements, chained and signed")


if __name__ == "__main__":
    main()

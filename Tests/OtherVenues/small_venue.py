"""A second venue of the API in docs/openapi.json, written from that page alone.

One lending market, one borrower, a price that falls. It shares no line with the reference venue,
so what a keeper does here it does by the page. Standard library only.

    python3 small_venue.py PORTFILE REPORTFILE KEYNAME PUBLICKEYHEX
"""

import hashlib
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import ed25519

RAY = 10**27
ETHER = 10**18
DOLLAR = 10**6
BONUS_BPS = 10_500
MARKET = "small-lend"
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEIGHT_SECONDS = 0.2
WINDOW_MILLISECONDS = 5_000

NO_SHARES = {"lpsPpm": "0", "stakersPpm": "0", "treasuryPpm": "1000000"}
POLICY = {
    "policy": "bonus-only", "version": "1", "fromHeight": "0",
    "penalty": {
        "basePpm": "0", "slopePpm": "0", "capPpm": "0", "keeperPpm": "0", "keeperMinimum": "0",
        "keeperMinimumNotional": "0", "windowHeights": "0",
        "shares": {"fundPpm": "0", "harmedPpm": "0", "treasuryPpm": "1000000"},
    },
    "surplus": {"accountPpm": "1000000", "fundPpm": "0", "lpsPpm": "0", "stakersPpm": "0"},
    "fund": {"floor": "0", "target": "0", "feeSharePpm": "0", "overflow": NO_SHARES},
    "backstops": [], "adl": {"maxPositionPpm": "0"}, "socialise": {"maxClaimPpm": "1000000"},
}


def reserve(asset, decimals, threshold):
    return {
        "asset": asset, "decimals": decimals, "liquidationThresholdBps": threshold,
        "liquidationBonusBps": BONUS_BPS, "protocolFeeBps": 0,
    }


VENUE = {
    "quote": {"asset": "USD", "decimals": 6},
    "assets": [{"asset": "ETH", "decimals": 18}],
    "markets": [{
        "kind": "lending",
        "terms": {
            "market": MARKET, "generation": "3.3", "baseUnit": DOLLAR,
            "reserves": [reserve("USD", 6, 0), reserve("ETH", 18, 8_300)], "policy": POLICY,
        },
    }],
    "capabilities": {
        "isAtomic": True, "hasFlash": False, "allowsPartial": False, "canVoid": True,
        "callsPerHeight": 10,
    },
}


class Refused(Exception):
    def __init__(self, status, code, detail, retry="never"):
        super().__init__(detail)
        self.status, self.code, self.retry = status, code, retry


class Channel:
    """Entries by sequence from 1; a condition that others wait on tells of new ones."""

    def __init__(self):
        self.entries = []

    def publish(self, height, now, **payload):
        entry = {"sequence": len(self.entries) + 1, "height": height, "publishedAt": now}
        self.entries.append({**entry, **payload})


class Venue:
    def __init__(self, keys):
        self.changed = threading.Condition()
        self.keys = keys
        self.nonces = {}
        self.height = 0
        self.price = 2_700 * DOLLAR
        self.collateral, self.debt, self.version = 10 * ETHER, 21_500 * DOLLAR, 1
        self.balances = {"USD": 60_000 * DOLLAR, "ETH": 0}
        self.closes = {}
        self.settled_count = 0
        names = ["prices", "figures", "depth", "flash-pools", "accounts"]
        self.channels = {name: Channel() for name in names}
        self.request_count = 0
        self.publish_height()

    # Time

    @staticmethod
    def now():
        return str(time.time_ns())

    def next_height(self):
        with self.changed:
            self.height += 1
            # The fall lasts four seconds and ends where health is 0.965.
            self.price = max(2_500 * DOLLAR, self.price - 10 * DOLLAR)
            self.publish_height()
            self.changed.notify_all()

    def publish_height(self):
        def price(asset, amount):
            return {
                "asset": asset, "kind": "eligible", "price": str(amount),
                "round": self.height + 1, "sourceAt": self.now(),
            }

        def index(name, asset):
            return {"name": name, "asset": asset, "value": str(RAY)}

        figures = [
            index(name, asset) for asset in ["USD", "ETH"]
            for name in ["liquidityIndexRay", "variableBorrowIndexRay"]
        ]
        level = {"price": str(self.bid()), "quantity": str(1_000 * ETHER)}
        ask = {"price": str(self.price + DOLLAR), "quantity": str(1_000 * ETHER)}
        self.publish("figures", markets=[{"market": MARKET, "figures": figures}])
        self.publish("prices", prices=[price("USD", DOLLAR), price("ETH", self.price)])
        self.publish("depth", books=[{"asset": "ETH", "bids": [level], "asks": [ask]}])
        self.publish("flash-pools", pools=[])

    def publish(self, name, **payload):
        self.channels[name].publish(self.height, self.now(), **payload)

    def bid(self):
        return self.price - DOLLAR

    # Accounts

    def account(self):
        return {
            "account": "small-borrower", "version": self.version,
            "position": {
                "kind": "lending",
                "collateral": [{"asset": "ETH", "scaledAmount": str(self.collateral)}],
                "debts": [{"asset": "USD", "scaledAmount": str(self.debt)}],
            },
        }

    def snapshot(self):
        accounts = [self.account()]
        text = json.dumps(accounts, separators=(",", ":")).encode()
        return {
            "channel": "accounts", "sequence": len(self.channels["accounts"].entries),
            "market": MARKET, "stateHash": "0x" + hashlib.sha256(text).hexdigest(),
            "accounts": accounts,
        }

    def is_liquidatable(self):
        return self.collateral * self.price // ETHER * 83 // 100 < self.debt

    # Closes

    def close(self, key, keeper, body):
        digest = hashlib.sha256(body).hexdigest()
        if key in self.closes:
            known, answer = self.closes[key]
            if known not in (None, digest):
                raise Refused(422, "keyReused", "the key belongs to another body")
            return answer, True
        try:
            plan = json.loads(body)
            if plan["clientId"] != key:
                raise Refused(400, "malformed", "path and body name different keys")
            answer = self.settle(key, plan)
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(400, "malformed", f"not a plan: {error!r}") from error
        self.closes[key] = (digest, answer)
        return answer, False

    def settle(self, key, plan):
        action, target = plan["action"], plan["target"]
        if target["account"] != "small-borrower" or target["market"] != MARKET:
            return refusal("unknownAccount", "nobody is called so")
        if plan["accountVersion"] != self.version:
            return refusal("staleVersion", f"the account is at version {self.version}")
        if plan["validUntilHeight"] < self.height:
            return refusal("expired", f"it is height {self.height}")
        if not self.is_liquidatable():
            return refusal("healthy", "the account is above its line")
        if action["kind"] != "lending" or action["funding"]["kind"] != "inventory":
            return refusal("limitViolated", "only plain closes from inventory are taken here")
        repaid = min(int(action["repayAmountMax"]), self.debt)
        seized = repaid * BONUS_BPS * ETHER // (10_000 * self.price)
        if seized > self.collateral or seized < int(action["seizeAmountMin"]):
            return refusal("slippage", f"{seized} would be seized")
        if repaid > self.balances["USD"]:
            return refusal("insufficientFunds", "the keeper has less")
        return self.move(key, action["exit"], repaid, seized)

    def move(self, key, leaving, repaid, seized):
        worth = seized * self.price // ETHER
        proceeds = seized * self.bid() // ETHER
        movements = [
            movement("USD", -repaid, "repaid", -repaid), movement("ETH", seized, "seized", worth)
        ]
        if leaving["kind"] == "sell":
            if proceeds < int(leaving["proceedsMin"]):
                return refusal("slippage", f"the book pays {proceeds}")
            movements += [
                movement("ETH", -seized, "exitSold", -worth),
                movement("USD", proceeds, "exitProceeds", proceeds),
            ]
        for row in movements:
            self.balances[row["asset"]] += int(row["amount"])
        self.collateral, self.debt = self.collateral - seized, self.debt - repaid
        self.version += 1
        self.settled_count += 1
        self.publish("accounts", changed=[self.account()], removed=[])
        self.changed.notify_all()
        receipt = {
            "clientId": key, "fillId": f"small-{self.settled_count}", "height": self.height,
            "settledAt": self.now(), "movements": movements, "settlements": [],
        }
        return {"kind": "settled", "receipt": receipt}

    def void(self, key):
        return self.closes.setdefault(key, (None, {"kind": "voided"}))[1]

    # Keys

    def keeper(self, method, path, query, headers, body):
        names = ["bailiff-key", "bailiff-timestamp", "bailiff-nonce", "bailiff-signature"]
        name, timestamp, nonce, signature = (headers.get(field, "") for field in names)
        if not (name and timestamp.isdigit() and IDENTIFIER.fullmatch(nonce)):
            raise Refused(401, "unsigned", "the four headers are missing")
        if name not in self.keys:
            raise Refused(401, "unknownKey", "the key is not known here")
        if abs(int(timestamp) - time.time_ns() // 10**6) > WINDOW_MILLISECONDS:
            raise Refused(401, "staleTimestamp", "outside the window", retry="same")
        digest = hashlib.sha256(body).hexdigest()
        lines = ["bailiff-request-1", method, path, query, digest, timestamp, nonce, name]
        text = "".join(line + "\n" for line in lines).encode()
        if not re.fullmatch("[0-9a-f]{128}", signature) or not ed25519.is_signature(
            self.keys[name], bytes.fromhex(signature), text
        ):
            raise Refused(401, "badSignature", "not a signature of this request")
        with self.changed:
            if nonce in self.nonces:
                raise Refused(401, "nonceReused", "the nonce was used", retry="same")
            self.nonces[nonce] = timestamp
        return name


def movement(asset, amount, cause, value):
    return {"asset": asset, "amount": str(amount), "cause": cause, "valueUnits": str(value)}


def refusal(kind, detail):
    return {"kind": "refused", "refusal": {"class": kind, "detail": detail}}


class Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One small write after another would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer("GET")

    def do_PUT(self):
        self.answer("PUT")

    def answer(self, method):
        venue = self.server.venue
        with venue.changed:
            venue.request_count += 1
            request_id = f"small-{venue.request_count}"
        headers = {"Request-Id": request_id, "API-Version": "1"}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            members = self.route(method, body, headers)
            status, kind = 200, "application/json"
        except Refused as refused:
            status, kind = refused.status, "application/problem+json"
            members = {
                "type": "about:blank", "title": refused.code, "status": status,
                "detail": str(refused), "code": refused.code, "outcome": "none",
                "retry": refused.retry, "requestId": request_id,
            }
        stamp = {"height": venue.height, "serverTime": venue.now()}
        text = json.dumps({**stamp, **members}).encode()
        self.send_response(status)
        headers.update({"Content-Type": kind, "Content-Length": str(len(text))})
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def route(self, method, body, headers):
        venue, target = self.server.venue, urlsplit(self.path)
        parts = target.path.strip("/").split("/")[1:]
        if parts[:1] == ["closes"] and len(parts) in (2, 3):
            return self.closes(method, parts, target, body, headers)
        if method != "GET":
            headers["Allow"] = "GET"
            raise Refused(405, "methodNotAllowed", "takes GET")
        if parts == ["capabilities"]:
            return {"venue": VENUE, "channels": self.described(), "limits": self.limits()}
        if parts == ["time"]:
            return {"wallTime": venue.now(), "isOver": False}
        if parts == ["balances"]:
            keeper = venue.keeper(method, target.path, target.query, self.headers, body)
            return {"keeper": keeper, "balances": self.balances()}
        if parts == ["fund"]:
            return {"fund": "0", "badDebt": "0", "backstopLoans": []}
        if parts == ["settlements"]:
            return {"sequence": 0, "settlements": []}
        if parts[:1] == ["markets"] and len(parts) == 3 and parts[2] == "accounts":
            if parts[1] != MARKET:
                raise Refused(404, "noSuchMarket", "there is one market")
            return self.stream("accounts", parse_qs(target.query))
        if len(parts) == 1 and parts[0] in venue.channels and parts[0] != "accounts":
            return self.stream(parts[0], parse_qs(target.query))
        raise Refused(404, "noSuchPath", "nothing is served here")

    def balances(self):
        with self.server.venue.changed:
            pairs = sorted(self.server.venue.balances.items())
        return [{"asset": asset, "amount": str(amount)} for asset, amount in pairs]

    def described(self):
        paths = {name: "/v1/" + name for name in self.server.venue.channels}
        paths["accounts"] = f"/v1/markets/{MARKET}/accounts"
        return [
            {"name": name, "path": path, "entriesRetained": 10**6} for name, path in paths.items()
        ]

    def limits(self):
        return {
            "waitMillisecondsMax": 30_000, "entriesMax": 256, "settlementsMax": 200,
            "bodyBytesMax": 65_536, "signatureWindowMilliseconds": WINDOW_MILLISECONDS,
            "readsPerSecondMax": 10_000, "writesPerSecondMax": 10_000,
        }

    def closes(self, method, parts, target, body, headers):
        venue, key = self.server.venue, parts[1]
        is_void = len(parts) == 3 and parts[2] == "void"
        if len(parts) == 3 and (not is_void or method != "PUT"):
            headers["Allow"] = "PUT"
            raise Refused(405, "methodNotAllowed", "takes PUT")
        keeper = venue.keeper(method, target.path, target.query, self.headers, body)
        with venue.changed:
            if is_void:
                answer = venue.void(key)
            elif method == "PUT":
                answer, is_replayed = venue.close(key, keeper, body)
                if is_replayed:
                    headers["Replayed"] = "true"
            elif key in venue.closes:
                answer = venue.closes[key][1]
            else:
                raise Refused(404, "noSuchClose", "the key was never seen", retry="later")
        return {"clientId": key, "answer": answer}

    def stream(self, name, query):
        venue = self.server.venue
        entries = venue.channels[name].entries
        after, wait = self.number(query, "after"), self.number(query, "wait") or 0
        if wait > 30_000:
            raise Refused(400, "malformed", "wait is at most 30000 ms")
        with venue.changed:
            if after is None:
                if name == "accounts":
                    return venue.snapshot()
                return {"channel": name, "sequence": len(entries), "entries": entries[-1:]}
            if after > len(entries):
                raise Refused(410, "gone", "the stream never got that far")
            venue.changed.wait_for(lambda: len(entries) > after, timeout=wait / 1_000)
            return {
                "channel": name, "sequence": len(entries), "entries": entries[after:after + 256]
            }

    @staticmethod
    def number(query, name):
        text = query.get(name, [None])[0]
        if text is not None and not re.fullmatch("0|[1-9][0-9]{0,17}", text):
            raise Refused(400, "malformed", f"{name} is a whole number")
        return None if text is None else int(text)

    def log_message(self, *_):
        """Nobody reads it."""


class Server(ThreadingHTTPServer):
    daemon_threads = True


def main():
    port_file, report_file, key_name, key = sys.argv[1:5]
    server = Server(("127.0.0.1", 0), Conversation)
    server.venue = Venue({key_name: bytes.fromhex(key)})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(port_file, "w", encoding="ascii") as file:
        file.write(f"{server.server_address[1]}\n")
    # Whoever started it stops it; a minute is longer than any test.
    for _ in range(int(60 / HEIGHT_SECONDS)):
        time.sleep(HEIGHT_SECONDS)
        server.venue.next_height()
        with server.venue.changed:
            report = {
                "settledCount": server.venue.settled_count,
                "balances": {name: str(held) for name, held in server.venue.balances.items()},
            }
        with open(report_file, "w", encoding="ascii") as file:
            json.dump(report, file)


if __name__ == "__main__":
    main()

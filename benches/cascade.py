"""The same ranking and the same decision loop in plain Python: dictionaries, lists, a heap.

Reads a world as JSON on standard input, lets every call run until everyone has answered, and prints what came of it
and how long it took. Keeps no history, writes nothing down, and knows none of the rules that this world does not need.
"""

import heapq
import json
import sys
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WINDOW, GRACE, LEAST, TURNAROUND, CANDIDATES = 7200, 120, 900, 1800, 100


def dates_of(charter, zone):
    """The days that the sail touches."""
    day = datetime.fromtimestamp(charter["call_time"], zone).date()
    last = datetime.fromtimestamp(charter["returns_at"] - 1, zone).date()
    dates = []
    while day <= last:
        dates.append(day.isoformat())
        day += timedelta(days=1)
    return dates


def by_rank(world):
    """Everyone of each rank, in cascade order."""
    ranks = {}
    for person in world["roster"]:
        ranks.setdefault(person["rank"], []).append(person)
    for people in ranks.values():
        people.sort(key=lambda person: (person["order"], person["crew_id"]))
    return ranks


def ranking(charter, ranks, zone):
    """Who can come, by position, in the order of asking."""
    dates = dates_of(charter, zone)
    orders = {}
    for position in charter["seats"]:
        able = [
            person
            for person in ranks[position]
            if all(person["availability"].get(date) == "available" for date in dates)
        ]
        orders[position] = able[:CANDIDATES]
    return orders


class Call:
    """The effort to crew one charter."""

    def __init__(self, number, charter, ranks, zone):
        self.number, self.charter = number, charter
        self.orders = ranking(charter, ranks, zone)
        self.seats = [(position, n) for position, count in charter["seats"].items() for n in range(count)]
        self.done = {position: set() for position in charter["seats"]}
        self.aboard, self.asked, self.closes_at, self.offers = {}, {}, {}, []

    def window(self, position, now):
        """Everyone who may still come shares the time that is left."""
        left = self.charter["call_time"] - now
        empty = sum(1 for seat in self.seats if seat[0] == position and seat not in self.aboard)
        if position == "captain" and len(self.seats) > 1:
            left //= 2
        to_come = sum(1 for person in self.orders[position] if person["crew_id"] not in self.done[position])
        share = left // (-(-to_come // max(empty, 1)) + 1)
        if share >= WINDOW:
            return WINDOW
        return max(share // 60 * 60, LEAST)

    def to_ask(self):
        """The seats for which somebody is to be asked now."""
        captain = ("captain", 0) in self.aboard
        return [
            seat
            for seat in self.seats
            if seat not in self.aboard and seat not in self.asked and (captain or seat[0] == "captain")
        ]

    def ask_next(self, now, bound):
        """Asks the next person for each such seat; gives the offers."""
        made = []
        begins = self.charter["call_time"] - TURNAROUND
        ends = self.charter["returns_at"] + TURNAROUND
        for seat in self.to_ask():
            position = seat[0]
            for person in self.orders[position]:
                crew_id = person["crew_id"]
                if crew_id in self.done[position]:
                    continue
                clash = [kind for start, end, kind in bound[crew_id].values() if start < ends and begins < end]
                if "aboard" in clash:
                    self.done[position].add(crew_id)
                if clash:
                    continue
                self.done[position].add(crew_id)
                self.asked[seat] = person
                bound[crew_id][self.number] = (self.charter["call_time"], self.charter["returns_at"], "asked")
                self.offers.append((seat, person))
                made.append((len(self.offers), seat, person))
                break
        return made


def answer(charter, person):
    """What somebody says to an offer and after how many seconds; nothing at all is said by some."""
    kind = ((charter * 31 + person["number"]) * 2654435761 % (1 << 32) >> 16) % 10
    if kind < 4:
        return "yes", 1800
    if kind < 7:
        return "no", 3600
    return None, None


def season(world):
    """Lets every call run to its end."""
    zone = ZoneInfo(world["zone"])
    ranks = by_rank(world)
    bound = {person["crew_id"]: {} for person in world["roster"]}
    heap, calls, ended = [], [], []

    def hand_over(call, now):
        for number, seat, person in call.ask_next(now, bound):
            said, after = answer(call.number, person)
            closes_at = now + call.window(seat[0], now) + GRACE
            when = closes_at if said is None else min(now + after, closes_at)
            call.closes_at[seat] = closes_at
            heapq.heappush(heap, (when, call.number, number, said if when < closes_at else None))

    for number, charter in enumerate(world["charters"]):
        call = Call(number, charter, ranks, zone)
        calls.append(call)
        ended.append(world["now"])
        hand_over(call, world["now"])
    while heap:
        now, number, offer, said = heapq.heappop(heap)
        call = calls[number]
        seat, person = call.offers[offer - 1]
        if call.asked.get(seat) is not person:
            continue  # lapsed together with another one
        ended[number] = now
        if said is not None:
            del call.asked[seat]
        if said == "yes":
            call.aboard[seat] = person
            start, end, _ = bound[person["crew_id"]][number]
            bound[person["crew_id"]][number] = (start, end, "aboard")
        elif said == "no":
            del bound[person["crew_id"]][number]
        for seat in [seat for seat in call.asked if call.closes_at[seat] <= now]:
            del bound[call.asked.pop(seat)["crew_id"]][number]
        hand_over(call, now)
    hours = sum(end - world["now"] for end in ended) / 3600
    aboard = [
        [call.aboard[seat]["crew_id"] if seat in call.aboard else None for seat in call.seats] for call in calls
    ]
    return {"aboard": aboard, "asks": sum(len(call.offers) for call in calls), "hours": hours}


def plan(world, number):
    """Whom a call will ask and when, if nobody answers; the crew as if the first captain came at once."""
    zone = ZoneInfo(world["zone"])
    ranks = by_rank(world)
    begun = time.perf_counter()
    bound = {person["crew_id"]: {} for person in world["roster"]}
    call = Call(number, world["charters"][number], ranks, zone)
    asks = silence(call, world["now"], bound)
    crew = Call(number, world["charters"][number], ranks, zone)
    if crew.orders["captain"]:
        crew.aboard[("captain", 0)] = crew.orders["captain"][0]
        asks += silence(crew, world["now"], {person["crew_id"]: {} for person in world["roster"]})
    return {"asks": asks, "seconds": time.perf_counter() - begun}


def silence(call, now, bound):
    """Nobody answers, until nobody is left."""
    asks, heap = [], []
    while True:
        for number, seat, person in call.ask_next(now, bound):
            reply_by = now + call.window(seat[0], now)
            asks.append([person["crew_id"], now, reply_by])
            heapq.heappush(heap, (reply_by + GRACE, number, seat))
        if not heap:
            return asks
        now = heap[0][0]
        while heap and heap[0][0] == now:
            seat = heapq.heappop(heap)[2]
            del bound[call.asked.pop(seat)["crew_id"]][call.number]


world = json.load(sys.stdin)
begun = time.perf_counter()
outcome = season(world)
outcome["seconds"] = time.perf_counter() - begun
outcome["plan"] = plan(world, 0)
json.dump(outcome, sys.stdout)

#!/usr/bin/env python3.11
"""The rules of the peers behind the protocol of assess.md:  baselines.py NAME   (NAME: see RULES)

Peers watch every login from the day the account is made; a page companion does not.  So that they are not punished for it, the
whole first visit is taken in as history and answered `learning`; rows of later visits are judged in order of time, each against
what was known before it.  A row once judged keeps its verdict while its facts stay the same.  `mine` clears a row and teaches
its facts; `not_mine` keeps it at `act` and takes its facts out of the history.
"""
import bisect, collections, hashlib, ipaddress, json, lzma, math, os, random, sys
from datetime import datetime
HERE = os.path.dirname(os.path.abspath(__file__))
T = json.load(lzma.open(os.path.join(HERE, 'tables.json.xz'), 'rt', encoding='utf-8'))
CITY = {}
for cc, cs in T['cities'].items():
    for c in cs:
        CITY.setdefault((cc, c[0]), (c[1], c[2]))
        if c[6]: CITY.setdefault((cc, c[6]), (c[1], c[2]))
NETS = []
for kind in ('fixed', 'mobile', 'corp', 'host', 'vpn', 'relay', 'starlink'):
    for es in T[kind].values():
        for a, b4, b6 in es:
            for b in b4 + b6:
                n = ipaddress.ip_network(b); NETS.append((n.version, int(n.network_address), int(n.broadcast_address), a))
for a, ip, _ in T['tor']: NETS.append((4, int(ipaddress.ip_address(ip)), int(ipaddress.ip_address(ip)), a))
NETS.sort(); KEYS = [(n[0], n[1]) for n in NETS]
def asn(ip):
    try: x = ipaddress.ip_address(ip)
    except ValueError: return 'm' + '.'.join((ip or '?').split('.')[:2])
    i = bisect.bisect_right(KEYS, (x.version, int(x))) - 1
    for j in range(i, max(-1, i - 4), -1):
        if NETS[j][0] == x.version and NETS[j][1] <= int(x) <= NETS[j][2]: return NETS[j][3]
    return 'n%d' % (int(x) >> (16 if x.version == 4 else 96))
def km(a, b):
    la, lo, lb, lp = map(math.radians, (*a, *b)); h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin((lp - lo) / 2) ** 2
    return 12742 * math.asin(min(1, math.sqrt(h)))
def ts(t): return datetime.fromisoformat(t['at'].replace('Z', '+00:00')).timestamp() if t and t.get('at') else None

class Row:
    def __init__(s, lst, r):
        s.list, s.id, s.r = lst, r['id'], r
        s.ok = r.get('outcome') != 'failed'; s.ip = r.get('ip'); s.cc = r.get('country'); s.form = r.get('form')
        s.t = ts(r.get('signed_in_at')) if lst == 'logins' else (ts(r.get('last_active_at')) or ts(r.get('signed_in_at')))
        s.at = CITY.get((s.cc, r.get('city'))) or ((T['cities'][s.cc][0][1], T['cities'][s.cc][0][2]) if s.cc in T['cities'] else None)
        s.browser = r.get('browser') or r.get('app'); s.os = r.get('os'); s.device = (s.browser, s.os, r.get('model'), None if s.browser or s.os or r.get('model') else r.get('device')); s.known_city = (s.cc, r.get('city')) in CITY
        s.ua = r.get('device') or ''; s.bv = '%s %s' % (s.browser, r.get('browser_version') or r.get('app_version')); s.ov = '%s %s' % (s.os, r.get('os_version'))
        s.key = (s.ip, s.cc, s.device)

class Account:
    def __init__(s): s.seen = {}; s.hist = []; s.c = collections.Counter(); s.ips = set(); s.ccs = set(); s.devs = set(); s.cities = set(); s.first = None; s.visits = 0; s.ans = {}
    def learn(s, r):
        s.hist.append(r)
        if r.ip: s.ips.add(r.ip)
        if r.cc: s.ccs.add(r.cc); s.cities.add((r.cc, r.r.get('city')))
        s.devs.add(r.device)
    def before(s, r):
        """the last known event before this row, and the first after it"""
        b = None
        for h in s.hist:
            if h.t is not None and r.t is not None and h.t < r.t and h.id != r.id and (b is None or h.t > b.t): b = h
        return b

# each rule: (account, row) -> (level 0..2, [(signal, nats, text)])
def any_new_ip(a, r):
    new = r.ip and r.ip not in a.ips
    return (1 if new else 0), ([('new-ip', 5.0, 'This address was never seen before.')] if new else [])
def additive(a, r):
    e = []
    if r.device not in a.devs: e.append(('new-device', 25, 'New device: 25 points.'))
    if r.ip and r.ip not in a.ips: e.append(('new-ip', 10, 'New address: 10 points.'))
    if r.cc and r.cc not in a.ccs: e.append(('new-country', 30, 'New country: 30 points.'))
    p = sum(x[1] for x in e); return (2 if p >= 55 else 1 if p >= 30 else 0), [(n, v / 10, t) for n, v, t in e]
def speed(a, r):
    b = a.before(r)
    if not b or not r.at or not b.at: return 0, 0, 0
    d = km(r.at, b.at); h = max((r.t - b.t) / 3600, 1e-3); return d, d / h, h
def buffalogs(a, r):
    e = []; d, v, h = speed(a, r); b = a.before(r)
    if v > 300 and d > 100 and b and b.cc != r.cc and r.form != 'phone': e.append(('impossible-travel', 4.0, 'Faster than 300 km/h over more than 100 km from another country.'))
    if r.cc and r.cc not in a.ccs: e.append(('new-country', 3.0, 'New country.'))
    if r.device not in a.devs: e.append(('new-device', 2.0, 'New device.'))
    return min(2, len(e)), e
def elastic(a, r):
    d, v, h = speed(a, r)
    if v >= 800 and d >= 500 and h <= 1.5: return 2, [('impossible-travel', 3 + min(3, math.log(v / 800)), 'At least 800 km/h over at least 500 km within 90 minutes.')]
    return 0, []
def okta(a, r):
    e = []; d, v, h = speed(a, r)
    if v >= 805 and d > 20: e.append(('velocity', 3.0 + min(2, math.log(v / 805)), 'Faster than 805 km/h since the last event.'))
    if r.device not in a.devs: e.append(('new-device', 2.5, 'New device.'))
    if r.cc and r.cc not in a.ccs: e.append(('new-country', 2.0, 'New country.'))
    elif r.r.get('city') and (r.cc, r.r.get('city')) not in a.cities: e.append(('new-city', 1.0, 'New city.'))
    n = {x[0] for x in e}; lv = 0
    if 'velocity' in n or 'new-country' in n or ('new-device' in n and 'new-city' in n): lv = 1
    if 'new-device' in n and ('new-country' in n or 'velocity' in n): lv = 2
    return lv, e
W_IP, W_UA = (.6, .3, .1), (.53866538, .26804515, .18818295, .00510652)
def levels(r): return (r.ip, asn(r.ip) if r.ip else None, r.cc), (r.ua, r.bv, r.ov, r.form)
def freeman(a, r):
    """§3.2: product of G_f / L_f, times (1/U)/(n/N)"""
    g = FR; n = len(a.hist)
    if n < 1: return 0, []
    if getattr(a, 'fcn', -1) != n:
        a.fc = [[collections.Counter() for _ in range(3)], [collections.Counter() for _ in range(4)]]
        for h in a.hist:
            for f, lv in enumerate(levels(h)):
                for i, v in enumerate(lv): a.fc[f][i][v] += 1
        a.fcn = n
    e = []; N = g['N']
    for f, (lv, w, name) in enumerate(zip(levels(r), (W_IP, W_UA), ('network', 'device'))):
        G0 = g['f'][f]; L = sum(wi * a.fc[f][i][v] / n for i, (v, wi) in enumerate(zip(lv, w))); M = G0['M']; c0 = G0['c'][0].get(str(lv[0]), 0)
        p2 = c0 / N * (1 - M / (N + M)) if c0 else 1 / (N + M); m1 = G0['m1'].get(str(lv[0]), 1) if c0 else 1; p1 = 1 - m1 / (c0 + m1)
        G = w[0] * p1 * p2 + sum(w[i] * G0['c'][i].get(str(lv[i]), 0) / N for i in range(1, len(w)))
        if G <= 0: G = 1e-12
        if L == 0: L = G / 4
        e.append((name, math.log(G / L), 'How usual this %s is for everybody against how usual it is for this user.' % name))
    e.append(('activity', math.log((1 / g['U']) / (n / N)), 'How much of all logins are of this user.'))
    s = sum(x[1] for x in e); return (2 if s >= math.log(10) else 1 if s >= 0 else 0), e
def always_known(a, r): return 0, []
RND = random.Random(7)
def random_rule(a, r):
    x = RND.gauss(0, 1); return (2 if x > 2.8 else 1 if x > 2.3 else 0), [('chance', x, 'A throw of the dice.')]
RULES = {'any-new-ip': (any_new_ip, -2.0), 'additive': (additive, -2.9), 'buffalogs': (buffalogs, -1.9), 'elastic': (elastic, -2.9), 'okta': (okta, -2.0), 'freeman': (freeman, 0.0), 'always-known': (always_known, -5.0), 'random': (random_rule, 0.0)}
FR = None

def build_freeman(path):
    """global statistics of the train split's own successful logins"""
    F = [[collections.Counter() for _ in range(3)], [collections.Counter() for _ in range(4)]]; sub = [collections.defaultdict(set), collections.defaultdict(set)]; users = set(); N = 0; seen = set()
    for l in lzma.open(path, 'rt', encoding='utf-8'):
        o = json.loads(l); acct = o['in']['account']
        for r, t in zip(o['in']['logins'], o['truth']['logins']):
            if t == 'legit' and r.get('outcome') != 'failed' and (acct, r['id']) not in seen:
                seen.add((acct, r['id'])); N += 1; users.add(acct)
                for f, lv in enumerate(levels(Row('logins', r))):
                    for i, v in enumerate(lv):
                        F[f][i][str(v)] += 1
                        if i: sub[f][str(lv[0])].add((i, str(v)))
    G = {'N': N, 'U': len(users), 'f': [{'M': 1 + sum(len(c) for c in F[f][1:]), 'c': [dict(c) for c in F[f]], 'm1': {k: 1 + len(v) for k, v in sub[f].items()}} for f in (0, 1)]}
    json.dump(G, lzma.open(os.path.join(HERE, 'freeman_global.json.xz'), 'wt', encoding='utf-8'), ensure_ascii=False, separators=(',', ':')); print('N=%d U=%d' % (N, len(users)))

def main():
    global FR
    if len(sys.argv) > 2 and sys.argv[1] == 'build-freeman': return build_freeman(sys.argv[2])
    name = sys.argv[1] if len(sys.argv) > 1 else ''
    if name not in RULES: sys.exit('one of: ' + ' '.join(RULES) + ' | build-freeman TRAIN.jsonl.xz')
    rule, prior = RULES[name]; A = collections.defaultdict(Account)
    if name == 'freeman': FR = json.load(lzma.open(os.path.join(HERE, 'freeman_global.json.xz'), 'rt', encoding='utf-8'))
    learns = name not in ('always-known', 'random')
    for ln, line in enumerate(sys.stdin.buffer, 1):
        try: o = json.loads(line); a = A[o['account']]
        except Exception as e: print(json.dumps({'error': str(e), 'line': ln}), flush=True); continue
        for x in o.get('answers') or []:
            k = (x['list'], x['id']); a.ans[k] = x['answer']; old = a.seen.get(k)
            if old and x['answer'] == 'not_mine':
                a.hist = [h for h in a.hist if h.key != old[0].key]; h2, a.hist, a.ips, a.ccs, a.devs, a.cities = a.hist, [], set(), set(), set(), set()
                for h in h2: a.learn(h)
                a.fcn = -1
        rows = [Row(l, r) for l in ('sessions', 'logins') for r in o.get(l) or []]; a.visits += 1; first = a.visits == 1 and learns
        order = sorted(rows, key=lambda r: (r.t is None, r.t or 0)); res = {}
        for r in order:
            k = (r.list, r.id); old = a.seen.get(k)
            if old and old[0].key == r.key: lv, ev = old[1], old[2]
            elif first: lv, ev = -1, []
            else: lv, ev = rule(a, r)
            if learns:
                if not (old and old[0].key == r.key) and r.ok and a.ans.get(k) != 'not_mine': a.learn(r)
            a.seen[k] = (r, lv, ev); an = a.ans.get(k); ev2 = [('prior', prior, 'How rarely a row is not the user\'s.')] + list(ev)
            if r.r.get('current') and lv > 1: lv = 1
            if an == 'mine': lv = 0; ev2.append(('marked-mine', -6.0, 'You said that this was you.'))
            elif an == 'not_mine': lv = 2; ev2.append(('marked-not-mine', 6.0, 'You said that this was not you.'))
            if lv > 0 and not any(e[1] > 0 for e in ev2): lv = 0
            res[k] = {'list': r.list, 'id': r.id, 'verdict': ('known', 'check', 'act')[lv] if lv >= 0 else 'learning', 'nats': sum(e[1] for e in ev2), 'evidence': [{'signal': s, 'nats': v, 'text': t} for s, v, t in ev2]}
        print(json.dumps({'snapshot': o.get('snapshot'), 'stage': 'learning' if first else 'settled', 'rows': [res[(r.list, r.id)] for r in rows], 'account': []}), flush=True)
if __name__ == '__main__': main()

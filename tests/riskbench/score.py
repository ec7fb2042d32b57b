#!/usr/bin/env python3.11
"""Runs a detector over a benchmark file, plays the user, and prints what it caught and how often it cried wolf.

    score.py --cmd COMMAND --data FILE [--data FILE …] [--answers p] [--json] [--seed S] [--users N]
             [--interleave] [--monotone N]

The command speaks the line protocol of assess.md.  It never sees the truth.  Python 3.11, standard library.
"""
import argparse, collections, copy, gzip, hashlib, json, lzma, math, os, random, select, shlex, subprocess, sys, time
from datetime import datetime

FLAG = ('check', 'act')
VERDICTS = ('known', 'learning', 'check', 'act')
TRACE = ['naive', 'vpn', 'targeted', 'thief', 'burst', 'insider']
BUDGETS = (.02, .05, .2)
BINS = (('first', 0, 0), ('2-3', 1, 2), ('4-9', 3, 8), ('10+', 9, 10 ** 9))

def coin(*a): return int.from_bytes(hashlib.blake2b('|'.join(map(str, a)).encode(), digest_size=7).digest(), 'big') / 2 ** 56
def ts(s): return datetime.fromisoformat(s.replace('Z', '+00:00')).timestamp()
def wilson(k, n, z=1.96):
    if not n: return (0.0, 1.0)
    p = k / n; d = 1 + z * z / n; c = p + z * z / (2 * n); h = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (max(0, (c - h) / d), min(1, (c + h) / d))

class Proc:
    """a child that answers one line per line"""
    def __init__(s, cmd, limit):
        s.p = subprocess.Popen(cmd if isinstance(cmd, list) else shlex.split(cmd), stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        s.buf, s.limit, s.busy, s.n = b'', limit, 0.0, 0
    def ask(s, obj):
        line = (json.dumps(obj, ensure_ascii=False, separators=(',', ':')) + '\n').encode()
        t = time.perf_counter(); end = t + s.limit; out, view = s.p.stdout.fileno(), memoryview(line)
        os.set_blocking(s.p.stdin.fileno(), False)
        while view:
            r, w, _ = select.select([out], [s.p.stdin], [], max(0, end - time.perf_counter()))
            if not r and not w: raise TimeoutError('no reading within %gs' % s.limit)
            if w:
                n = s.p.stdin.write(view); view = view[n or 0:]
            elif r:
                d = os.read(out, 1 << 16)
                if not d: raise EOFError('the process ended')
                s.buf += d
        while b'\n' not in s.buf:
            if not select.select([out], [], [], max(0, end - time.perf_counter()))[0]: raise TimeoutError('no answer within %gs' % s.limit)
            d = os.read(out, 1 << 16)
            if not d: raise EOFError('the process ended')
            s.buf += d
        a, s.buf = s.buf.split(b'\n', 1); s.busy += time.perf_counter() - t; s.n += 1
        return json.loads(a)
    def close(s):
        try: s.p.stdin.close(); s.p.wait(5)
        except Exception: s.p.kill()

def load(files, users):
    acc = collections.OrderedDict()
    for f in files:
        seen = set()
        with (lzma if f.endswith('.xz') else gzip).open(f, 'rt', encoding='utf-8') as z:
            for l in z:
                o = json.loads(l); a = o['in']['account']
                if a not in acc and users and len(seen) >= users: break
                seen.add(a); acc.setdefault(a, []).append(o)
    return acc

def check_answer(o, a, E, X):
    """{(list,id): (verdict, nats)}; E: protocol errors, X: explanation faults"""
    out = {}
    if not isinstance(a, dict) or 'error' in a: E['error-answer'] += 1; return out
    if a.get('snapshot') != o['in']['snapshot']: E['wrong-snapshot'] += 1
    if a.get('stage') not in ('learning', 'settled'): E['bad-stage'] += 1
    if not isinstance(a.get('account', []), list): E['bad-account-findings'] += 1
    own = {(l, r['id']): t for l in ('sessions', 'logins') for r, t in zip(o['in'][l], o['truth'][l])}
    for r in a.get('rows') or []:
        k = (r.get('list'), r.get('id')); v, n = r.get('verdict'), r.get('nats')
        if k not in own: E['unknown-row'] += 1; continue
        if k in out: E['row-twice'] += 1
        if v not in VERDICTS: E['bad-verdict'] += 1; v = 'known'
        if not isinstance(n, (int, float)) or isinstance(n, bool) or not math.isfinite(n): E['bad-nats'] += 1; n = -99.0
        out[k] = (v, n); ev = r.get('evidence')
        if not isinstance(ev, list) or any(not isinstance(e, dict) or not isinstance(e.get('nats'), (int, float)) or not e.get('signal') or not e.get('text') for e in ev): E['bad-evidence'] += 1; ev = []
        elif abs(sum(e['nats'] for e in ev) - n) > .02: X['sum-differs'] += 1
        if v in FLAG:
            X['flagged'] += 1
            if not any(e['nats'] > 0 for e in ev): X['flag-without-positive-signal'] += 1
        if v == 'act' and k == ('sessions', o['truth']['current']) and own[k] == 'legit': X['current-own-session-act'] += 1
    miss = len(own) - len(out)
    if miss: E['row-not-answered'] += miss
    return out

def run(cmd, acc, p, seed, limit, interleave=False):
    E, X = collections.Counter(), collections.Counter(); proc = Proc(cmd, limit); S = {}
    for acct, recs in acc.items():
        tr = recs[0]['truth']; times = [ts(r['in']['now']) for r in recs]
        gap = (times[-1] - times[0]) / max(1, len(times) - 1) if len(times) > 1 else 15 * 86400
        S[acct] = {'persona': tr['persona'], 'cls': tr['attack']['class'] if tr['attack'] else None, 'months': (times[-1] - times[0] + gap) / (30.4 * 86400), 'fa': {}, 'fact': {}, 'score': {}, 'raw': {}, 'noise': set(),
                   'fasnap': 0, 'snaps': 0, 'trace': None, 'v1': None, 'n1': None, 'r1': None, 'ever': 0, 'found': None, 'acct_fa': 0, 'acct_seen': set(), 'succ1': 0, 'pend': [], 'asked': set(), 'named': coin(seed, acct, 'names') < .5}
    order = [(a, j) for a, r in acc.items() for j in range(len(r))]
    if interleave: order.sort(key=lambda x: (acc[x[0]][x[1]]['in']['now'], x[0]))
    for acct, j in order:
        o, u = acc[acct][j], S[acct]; q = dict(o['in']); q['answers'] = u['pend']; u['pend'] = pend = []
        try: a = proc.ask(q)
        except (TimeoutError, EOFError, BrokenPipeError, ValueError) as e:
            E[type(e).__name__] += 1; a = None
            if not isinstance(e, ValueError):
                proc.p.kill(); proc.p.wait()
                if E['TimeoutError'] + E['EOFError'] + E['BrokenPipeError'] > 5: raise SystemExit('gave up: %s' % dict(E))
                new = Proc(cmd, limit); new.busy, new.n = proc.busy, proc.n; proc = new
        got = check_answer(o, a, E, X) if a is not None else {}
        u['snaps'] += 1; newfa = 0; best, bn, br, succ, att = 0, -1e9, -1e9, 0, False
        finds = {f.get('signal') for f in ((a or {}).get('account') or []) if isinstance(f, dict) and f.get('verdict') in FLAG}
        newfind = finds - u['acct_seen']; u['acct_seen'] |= finds; u['acct_fa'] += len(newfind)
        for l in ('sessions', 'logins'):
            for r, t in zip(o['in'][l], o['truth'][l]):
                k = (l, r['id']); v, n = got.get(k, ('known', -99.0))
                if t == 'legit':
                    if v in FLAG and k not in u['fa']: u['fa'][k] = j; newfa += 1
                    if v == 'act' and k not in u['fact']: u['fact'][k] = j
                    if v != 'learning': u['score'][k] = max(n, u['score'].get(k, -1e9))
                    u['raw'][k] = max(n, u['raw'].get(k, -1e9))
                elif t == 'stranger':
                    if v in FLAG: u['noise'].add(k)
                else:
                    att = True; lv = {'check': 1, 'act': 2}.get(v, 0); best = max(best, lv); br = max(br, n)
                    if v != 'learning': bn = max(bn, n)
                    if l == 'sessions' or r.get('outcome') != 'failed': succ = max(succ, lv)
                if v in FLAG and (k, t) not in u['asked']:
                    u['asked'].add((k, t))
                    if coin(seed, acct, k, t, 'answers') < p: pend.append({'list': l, 'id': r['id'], 'answer': 'mine' if t == 'legit' else 'not_mine'})
        if j == 0 and u['named']:
            have = {(x['list'], x['id']) for x in pend}
            pend += [{'list': 'sessions', 'id': r['id'], 'answer': 'mine'} for r, t in zip(o['in']['sessions'], o['truth']['sessions']) if t == 'legit' and ('sessions', r['id']) not in have]
        u['fasnap'] += newfa > 0
        if att:
            if u['trace'] is None: u['trace'], u['v1'], u['n1'], u['r1'], u['found'], u['succ1'] = j, best, bn, br, bool(newfind), succ
            u['ever'] = max(u['ever'], best)
    proc.close(); return list(S.values()), E, X, proc

def boot(pairs, reps, rng):
    """interval of sum(a)/sum(b) over users"""
    if not pairs: return (0, 0)
    out = []
    for _ in range(reps):
        s = rng.choices(pairs, k=len(pairs)); b = sum(x[1] for x in s); out.append(sum(x[0] for x in s) / b if b else 0)
    out.sort(); return out[int(.025 * reps)], out[int(.975 * reps) - 1]

def rate(us, key, reps, rng):
    pairs = [(len(u[key]) if not isinstance(u[key], int) else u[key], u['months']) for u in us]; m = sum(b for _, b in pairs)
    return {'rate': sum(a for a, _ in pairs) / m if m else 0, 'ci': boot(pairs, reps, rng), 'users': len(us), 'user_months': round(m, 1)}

def share(hits, n): return {'rate': hits / n if n else None, 'ci': wilson(hits, n), 'hits': hits, 'n': n}

def summarise(U, E, X, proc, reps, seed):
    rng = random.Random(seed); R = {}; free = [u for u in U if not u['cls']]; hit = [u for u in U if u['cls']]
    R['false_alarms'] = {'check_or_act': rate(free, 'fa', reps, rng), 'act': rate(free, 'fact', reps, rng), 'visits_with_new_alarm': rate(free, 'fasnap', reps, rng), 'account_findings': rate(free, 'acct_fa', reps, rng),
                         'stranger_rows_flagged': rate(free, 'noise', reps, rng), 'share_of_visits_with_new_alarm': sum(u['fasnap'] for u in free) / max(1, sum(u['snaps'] for u in free)),
                         'users_never_alarmed': sum(not u['fa'] for u in free) / max(1, len(free)),
                         'alarms_at_first_visit': sum(sum(j == 0 for j in u['fa'].values()) for u in free) / max(1, len(free))}
    R['by_persona'] = {p: {'check_or_act': rate([u for u in free if u['persona'] == p], 'fa', reps, rng), 'act': rate([u for u in free if u['persona'] == p], 'fact', reps, rng)} for p in sorted({u['persona'] for u in free})}
    R['classes'] = {}
    for c in TRACE:
        us = [u for u in hit if u['cls'] == c]; t = [u for u in us if u['trace'] is not None]; n = len(t)
        R['classes'][c] = {'attacks': len(us), 'with_trace': n, 'check_first': share(sum(u['v1'] >= 1 for u in t), n), 'act_first': share(sum(u['v1'] >= 2 for u in t), n), 'check_ever': share(sum(u['ever'] >= 1 for u in t), n), 'act_ever': share(sum(u['ever'] >= 2 for u in t), n),
                           'check_first_or_account_finding': share(sum(u['v1'] >= 1 or u['found'] for u in t), n), 'check_first_successful_row': share(sum(u['succ1'] >= 1 for u in t), n)}
    R['classes']['api'] = {'attacks': sum(u['cls'] == 'api' for u in hit), 'with_trace': 0, 'note': 'leaves no row by construction'}
    t = [u for u in hit if u['trace'] is not None]
    R['all_classes'] = {'check_first': share(sum(u['v1'] >= 1 for u in t), len(t)), 'act_first': share(sum(u['v1'] >= 2 for u in t), len(t)), 'check_ever': share(sum(u['ever'] >= 1 for u in t), len(t)), 'act_ever': share(sum(u['ever'] >= 2 for u in t), len(t))}
    months = sum(u['months'] for u in free)
    for name, key, n1 in (('sweep', 'score', 'n1'), ('sweep_counting_learning_rows', 'raw', 'r1')):
        sc = sorted((v for u in free for v in u[key].values()), reverse=True); R[name] = {}
        for b in BUDGETS:
            k = int(b * months); th = sc[k] if k < len(sc) else -1e9
            by = {c: share(sum(u[n1] > th for u in t if u['cls'] == c), sum(u['cls'] == c for u in t)) for c in TRACE}; rs = [v['rate'] for v in by.values() if v['n']]
            R[name][str(b)] = {'threshold_nats': th, 'tpr_macro': sum(rs) / len(rs) if rs else None, 'tpr_pooled': share(sum(u[n1] > th for u in t), len(t)), 'by_class': by}
    th05 = R['sweep']['0.05']['threshold_nats']
    R['by_history'] = {n: {'check_first': share(sum(u['v1'] >= 1 for u in t if a <= u['trace'] <= b), sum(a <= u['trace'] <= b for u in t)), 'at_budget_0.05': share(sum(u['n1'] > th05 for u in t if a <= u['trace'] <= b), sum(a <= u['trace'] <= b for u in t))} for n, a, b in BINS}
    R['explanations'] = {'flagged_rows': X['flagged'], **{k: X[k] for k in ('sum-differs', 'flag-without-positive-signal', 'current-own-session-act')}}
    R['speed'] = {'lines': proc.n, 'seconds': round(proc.busy, 2), 'lines_per_s': round(proc.n / proc.busy, 1) if proc.busy else None}
    R['errors'] = dict(E); return R

def monotone(cmd, acc, n, seed, limit):
    """a fact never seen before is put into one row of the last visit of a copied account: its nats may not fall"""
    rng = random.Random(seed); proc = Proc(cmd, limit); bad, tried = [], 0
    for acct in rng.sample(list(acc), min(n, len(acc))):
        recs = [o['in'] for o in acc[acct][:8]]; last = recs[-1]; rows = [(l, i) for l in ('sessions', 'logins') for i, r in enumerate(last[l]) if not r.get('current')]
        if not rows: continue
        l, i = rng.choice(rows); base = last[l][i]
        muts = {'country': {'country': 'IS', 'city': 'Akureyri', 'place': 'Akureyri, Iceland'}, 'ip': {'ip': '93.95.227.41'}, 'isp': {'isp': 'Never Heard Of Telecom'}, 'os': {'os': 'HarmonyOS', 'os_version': '4', 'device': 'Chrome 101 on HarmonyOS 4'}, 'model': {'model': 'Fairphone 5'},
                'second_factor': {'second_factor': 'security_key'}} if l == 'logins' else {'country': {'country': 'IS', 'city': 'Akureyri', 'place': 'Akureyri, Iceland'}, 'ip': {'ip': '93.95.227.41'}, 'isp': {'isp': 'Never Heard Of Telecom'}, 'model': {'model': 'Fairphone 5'}}
        def nats(tag, change):
            for o in recs[:-1]: proc.ask(dict(o, account=acct + tag, answers=[]))
            q = copy.deepcopy(last); q.update(account=acct + tag, answers=[]); q[l][i].update(change)
            return next((r['nats'] for r in proc.ask(q)['rows'] if r['list'] == l and r['id'] == base['id']), None)
        a = nats('#0', {})
        for m, ch in muts.items():
            if any(r.get(k) == v for o in recs for L in ('sessions', 'logins') for r in o[L] for k, v in ch.items()): continue
            b = nats('#' + m, ch); tried += 1
            if a is None or b is None or b < a - 1e-6: bad.append({'account': acct, 'list': l, 'fact': m, 'before': a, 'after': b})
    proc.close(); return {'tried': tried, 'lowered': len(bad), 'examples': bad[:5]}

def f(x, d=3): return '-' if x is None else ('%.*f' % (d, x))
def iv(s, d=2): return '%s [%s–%s]' % (f(s['rate'], d), f(s['ci'][0], d), f(s['ci'][1], d))

def report(R):
    F = R['false_alarms']; print('FALSE ALARMS of the own rows on %d attack-free users (%.0f user-months); 95 %% bootstrap over users' % (F['check_or_act']['users'], F['check_or_act']['user_months']))
    for k, n in (('check_or_act', 'rows newly check or act / user-month'), ('act', 'rows newly act / user-month'), ('visits_with_new_alarm', 'visits with a new alarm / user-month'), ('account_findings', 'new account findings / user-month'), ('stranger_rows_flagged', "strangers' failed attempts flagged / user-month (not counted)")):
        print('  %-62s %s' % (n, iv(F[k], 3)))
    print('  of these at the first visit, rows per user: %.2f; users never alarmed: %.0f %%' % (F['alarms_at_first_visit'], 100 * F['users_never_alarmed']))
    for p, v in R['by_persona'].items(): print('  %-16s %4d users  check+ %-24s act %s' % (p, v['check_or_act']['users'], iv(v['check_or_act']), iv(v['act'])))
    print('DETECTION (first = first visit that shows a trace; Wilson 95 %)')
    for c, v in R['classes'].items():
        if c == 'api': print('  %-9s %3d attacks, no row ever shows it' % (c, v['attacks'])); continue
        print('  %-9s %3d attacks %3d with trace  first: check+ %-18s act %-18s ever: check+ %s act %s  with account findings %s' % (c, v['attacks'], v['with_trace'], iv(v['check_first']), iv(v['act_first']), f(v['check_ever']['rate'], 2), f(v['act_ever']['rate'], 2), f(v['check_first_or_account_finding']['rate'], 2)))
    A = R['all_classes']; print('  all        with trace %d  first: check+ %s act %s  ever: check+ %s act %s' % (A['check_first']['n'], iv(A['check_first']), iv(A['act_first']), iv(A['check_ever']), iv(A['act_ever'])))
    print('AT A FIXED BUDGET OF FALSE ALARMS (threshold on nats; rows called learning count as not flagged)')
    for b, v in R['sweep'].items(): print('  %5s / user-month: nats > %-8s macro %s pooled %s  %s' % (b, f(v['threshold_nats'], 2), f(v['tpr_macro'], 2), iv(v['tpr_pooled']), ' '.join('%s:%s' % (c, f(x['rate'], 2)) for c, x in v['by_class'].items())))
    print('BY LENGTH OF HISTORY (visits so far)'); print('  ' + '   '.join('%s: check+ %s (n=%d), at 0.05 %s' % (n, f(v['check_first']['rate'], 2), v['check_first']['n'], f(v['at_budget_0.05']['rate'], 2)) for n, v in R['by_history'].items()))
    print('EXPLANATIONS ' + ' '.join('%s=%d' % kv for kv in R['explanations'].items()))
    if 'monotone' in R: print('MONOTONE tried=%(tried)d lowered=%(lowered)d' % R['monotone'])
    print('SPEED %(lines)d lines in %(seconds)s s: %(lines_per_s)s lines/s' % R['speed']); print('PROTOCOL ERRORS', R['errors'] or 'none')

def last_line(R):
    F = R['false_alarms']; w = max(R['by_persona'].items(), key=lambda x: x[1]['check_or_act']['rate']) if R['by_persona'] else ('-', {'check_or_act': {'rate': 0}})
    return 'fa_month=%s act_fa_month=%s worst_persona=%s:%s tpr05=%s tpr_by_class=%s act_tpr=%s errors=%d' % (f(F['check_or_act']['rate']), f(F['act']['rate']), w[0], f(w[1]['check_or_act']['rate']), f(R['sweep']['0.05']['tpr_macro']),
            ','.join('%s:%s' % (c, f(R['classes'][c]['check_first']['rate'], 2)) for c in TRACE), f(R['all_classes']['act_first']['rate']), sum(R['errors'].values()))

def main():
    ap = argparse.ArgumentParser(); ap.add_argument('--cmd', required=True); ap.add_argument('--data', action='append', required=True); ap.add_argument('--answers', type=float, default=.7); ap.add_argument('--json', action='store_true'); ap.add_argument('--seed', type=int, default=1)
    ap.add_argument('--users', type=int, help='only the first N users of each file'); ap.add_argument('--boot', type=int, default=1000); ap.add_argument('--limit', type=float, default=30, help='seconds to wait for one answer'); ap.add_argument('--monotone', type=int, default=0, help='copies of N accounts to test that an unseen fact never lowers nats'); ap.add_argument('--interleave', action='store_true', help='all accounts together in order of time'); a = ap.parse_args()
    acc = load(a.data, a.users); U, E, X, proc = run(a.cmd, acc, a.answers, a.seed, a.limit, a.interleave); R = summarise(U, E, X, proc, a.boot, a.seed)
    if a.monotone: R['monotone'] = monotone(a.cmd, acc, a.monotone, a.seed, a.limit)
    if a.json: print(json.dumps(R, ensure_ascii=False))
    else: report(R)
    print(last_line(R))
if __name__ == '__main__': main()

namespace ClinicFlow.Documents.Unicode;

/// <summary>
/// One paragraph on its way through UAX #9: explicit levels (X), then in each isolating run sequence weak types (W), brackets and
/// neutrals (N) and implicit levels (I). Characters that rule X9 removes stay where they are and are passed over.
/// </summary>
internal ref struct BidiParagraph(ReadOnlySpan<char> text, Span<BidiClass> classes, Span<byte> levels)
{
    private const int MaxDepth = 125;
    private const int MaxOpenBrackets = 63;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<BidiClass> _classes = classes;
    private readonly Span<byte> _levels = levels;

    /// <summary>Finds the levels; the answer is the paragraph's own.</summary>
    public readonly byte Resolve(ParagraphDirection direction)
    {
        var paragraphLevel = direction switch
        {
            ParagraphDirection.LeftToRight => (byte)0,
            ParagraphDirection.RightToLeft => (byte)1,
            _ => FirstStrong(0, _classes.Length) == 1 ? (byte)1 : (byte)0,
        };
        if (_classes.IsEmpty)
        {
            return paragraphLevel;
        }

        var original = _classes.ToArray();
        var partners = MatchIsolates();
        FindExplicitLevels(partners, paragraphLevel);
        ResolveSequences(original, partners, paragraphLevel);

        // What X9 removed gets the level before it, so that it never divides a run.
        var before = paragraphLevel;
        for (var at = 0; at < _levels.Length; at++)
        {
            before = _levels[at] = IsRemoved(original[at]) ? before : _levels[at];
        }

        return paragraphLevel;
    }

    private static bool IsRemoved(BidiClass kind) =>
        kind is BidiClass.LRE or BidiClass.RLE or BidiClass.LRO or BidiClass.RLO or BidiClass.PDF or BidiClass.BN;

    private static bool IsIsolate(BidiClass kind) => kind is BidiClass.LRI or BidiClass.RLI or BidiClass.FSI;

    // P2, P3: 0 or 1 by the first strong character outside isolates; -1 where there is none.
    private readonly int FirstStrong(int start, int end)
    {
        var depth = 0;
        for (var at = start; at < end; at++)
        {
            switch (_classes[at])
            {
                case BidiClass.LRI or BidiClass.RLI or BidiClass.FSI:
                    depth++;
                    break;
                case BidiClass.PDI:
                    depth = Math.Max(0, depth - 1);
                    break;
                case BidiClass.L when depth == 0:
                    return 0;
                case BidiClass.R or BidiClass.AL when depth == 0:
                    return 1;
            }
        }

        return -1;
    }

    // BD9: for an isolate initiator the index of its PDI (or the text's length), for a PDI that of its initiator, else -1.
    private readonly int[] MatchIsolates()
    {
        var partners = new int[_classes.Length];
        Array.Fill(partners, -1);
        var open = new Stack<int>();
        for (var at = 0; at < _classes.Length; at++)
        {
            if (IsIsolate(_classes[at]))
            {
                partners[at] = _classes.Length;
                open.Push(at);
            }
            else if (_classes[at] == BidiClass.PDI && open.TryPop(out var start))
            {
                (partners[at], partners[start]) = (start, at);
            }
        }

        return partners;
    }

    // X1 to X8.
    private readonly void FindExplicitLevels(int[] partners, byte paragraphLevel)
    {
        var stack = new (byte Level, BidiClass Override, bool IsIsolate)[MaxDepth + 2];
        var depth = 0;
        stack[0] = (paragraphLevel, BidiClass.ON, false);
        var (overflowIsolates, overflowEmbeddings, validIsolates) = (0, 0, 0);
        for (var at = 0; at < _classes.Length; at++)
        {
            var kind = _classes[at];
            var top = stack[depth];
            _levels[at] = top.Level;
            switch (kind)
            {
                case BidiClass.RLE or BidiClass.LRE or BidiClass.RLO or BidiClass.LRO or BidiClass.RLI or BidiClass.LRI or BidiClass.FSI:
                    var isIsolate = IsIsolate(kind);

                    // Too deep, the answer has no use; asking for it would take quadratic time.
                    var isCounted = overflowIsolates == 0 && overflowEmbeddings == 0 && depth < MaxDepth;
                    var isRight = kind is BidiClass.RLE or BidiClass.RLO or BidiClass.RLI || (kind == BidiClass.FSI && isCounted && FirstStrong(at + 1, Math.Min(partners[at], _classes.Length)) == 1);
                    var next = isRight ? (top.Level + 1) | 1 : (top.Level + 2) & ~1;
                    if (isIsolate && top.Override != BidiClass.ON)
                    {
                        _classes[at] = top.Override;
                    }

                    if (next <= MaxDepth && overflowIsolates == 0 && overflowEmbeddings == 0)
                    {
                        validIsolates += isIsolate ? 1 : 0;
                        var asked = kind switch { BidiClass.RLO => BidiClass.R, BidiClass.LRO => BidiClass.L, _ => BidiClass.ON };
                        stack[++depth] = ((byte)next, asked, isIsolate);
                    }
                    else if (isIsolate)
                    {
                        overflowIsolates++;
                    }
                    else if (overflowIsolates == 0)
                    {
                        overflowEmbeddings++;
                    }

                    break;
                case BidiClass.PDI:
                    if (overflowIsolates > 0)
                    {
                        overflowIsolates--;
                    }
                    else if (validIsolates > 0)
                    {
                        overflowEmbeddings = 0;
                        while (!stack[depth].IsIsolate)
                        {
                            depth--;
                        }

                        depth--;
                        validIsolates--;
                    }

                    _levels[at] = stack[depth].Level;
                    if (stack[depth].Override != BidiClass.ON)
                    {
                        _classes[at] = stack[depth].Override;
                    }

                    break;
                case BidiClass.PDF:
                    if (overflowIsolates == 0 && overflowEmbeddings > 0)
                    {
                        overflowEmbeddings--;
                    }
                    else if (overflowIsolates == 0 && depth > 0 && !top.IsIsolate)
                    {
                        depth--;
                    }

                    break;
                case BidiClass.B:
                    _levels[at] = paragraphLevel;
                    break;
                case BidiClass.BN:
                    break;
                default:
                    if (top.Override != BidiClass.ON)
                    {
                        _classes[at] = top.Override;
                    }

                    break;
            }
        }
    }

    // X10: level runs, joined over isolates.
    private readonly void ResolveSequences(BidiClass[] original, int[] partners, byte paragraphLevel)
    {
        var explicitLevels = _levels.ToArray();
        var kept = new List<int>(_classes.Length);
        for (var at = 0; at < original.Length; at++)
        {
            if (!IsRemoved(original[at]))
            {
                kept.Add(at);
            }
        }

        var runs = new List<(int Start, int End)>(); // in indices of kept
        var runOf = new Dictionary<int, int>();      // from the index of a run's first character to the run
        for (var i = 0; i < kept.Count;)
        {
            var start = i;
            while (i < kept.Count && _levels[kept[i]] == _levels[kept[start]])
            {
                i++;
            }

            runOf[kept[start]] = runs.Count;
            runs.Add((start, i));
        }

        var sequence = new List<int>();
        foreach (var (firstStart, _) in runs)
        {
            // A run that begins with the PDI of an isolate belongs to the sequence of that isolate.
            var first = kept[firstStart];
            if (original[first] == BidiClass.PDI && partners[first] >= 0)
            {
                continue;
            }

            sequence.Clear();
            for (var run = runOf[first]; ;)
            {
                for (var i = runs[run].Start; i < runs[run].End; i++)
                {
                    sequence.Add(kept[i]);
                }

                var last = sequence[^1];
                if (!IsIsolate(original[last]) || partners[last] >= original.Length || !runOf.TryGetValue(partners[last], out run))
                {
                    break;
                }
            }

            var level = explicitLevels[first];
            var end = sequence[^1];
            var before = kept.BinarySearch(first) - 1;
            var after = kept.BinarySearch(end) + 1;
            var levelBefore = before >= 0 ? explicitLevels[kept[before]] : paragraphLevel;
            var isOpen = IsIsolate(original[end]) && partners[end] >= original.Length;
            var levelAfter = after < kept.Count && !isOpen ? explicitLevels[kept[after]] : paragraphLevel;
            ResolveSequence(sequence, original, Direction(Math.Max(level, levelBefore)), Direction(Math.Max(level, levelAfter)), level);
        }
    }

    private static BidiClass Direction(int level) => (level & 1) != 0 ? BidiClass.R : BidiClass.L;

    private readonly void ResolveSequence(List<int> sequence, BidiClass[] original, BidiClass before, BidiClass after, byte level)
    {
        ResolveWeak(sequence, before);
        ResolveBrackets(sequence, original, before, level);
        ResolveNeutrals(sequence, before, after, level);

        // I1, I2.
        foreach (var at in sequence)
        {
            var isOdd = (level & 1) != 0;
            _levels[at] = (byte)(level + (_classes[at] switch
            {
                BidiClass.R => isOdd ? 0 : 1,
                BidiClass.AN or BidiClass.EN => isOdd ? 1 : 2,
                _ => isOdd ? 1 : 0,
            }));
        }
    }

    // W1 to W7.
    private readonly void ResolveWeak(List<int> sequence, BidiClass before)
    {
        var previous = before;
        var strong = before;
        for (var i = 0; i < sequence.Count; i++)
        {
            ref var kind = ref _classes[sequence[i]];
            if (kind == BidiClass.NSM)
            {
                kind = previous is BidiClass.LRI or BidiClass.RLI or BidiClass.FSI or BidiClass.PDI ? BidiClass.ON : previous; // W1
            }

            previous = kind;
            if (kind is BidiClass.L or BidiClass.R or BidiClass.AL)
            {
                strong = kind;
            }
            else if (kind == BidiClass.EN && strong == BidiClass.AL)
            {
                kind = BidiClass.AN; // W2; what follows as a mark takes AN too, which the rules come to as well
                previous = BidiClass.AN;
            }
        }

        foreach (var at in sequence)
        {
            _classes[at] = _classes[at] == BidiClass.AL ? BidiClass.R : _classes[at]; // W3
        }

        for (var i = 1; i < sequence.Count - 1; i++)
        {
            var (left, right) = (_classes[sequence[i - 1]], _classes[sequence[i + 1]]);
            ref var kind = ref _classes[sequence[i]];
            if (left == right && ((kind is BidiClass.ES or BidiClass.CS && left == BidiClass.EN) || (kind == BidiClass.CS && left == BidiClass.AN)))
            {
                kind = left; // W4
            }
        }

        // W5, W6.
        for (var i = 0; i < sequence.Count;)
        {
            if (_classes[sequence[i]] != BidiClass.ET)
            {
                i++;
                continue;
            }

            var start = i;
            while (i < sequence.Count && _classes[sequence[i]] == BidiClass.ET)
            {
                i++;
            }

            var isBesideNumber = (start > 0 && _classes[sequence[start - 1]] == BidiClass.EN) || (i < sequence.Count && _classes[sequence[i]] == BidiClass.EN);
            for (var j = start; j < i; j++)
            {
                _classes[sequence[j]] = isBesideNumber ? BidiClass.EN : BidiClass.ON;
            }
        }

        strong = before;
        foreach (var at in sequence)
        {
            ref var kind = ref _classes[at];
            if (kind is BidiClass.ES or BidiClass.CS)
            {
                kind = BidiClass.ON; // W6
            }

            if (kind is BidiClass.L or BidiClass.R)
            {
                strong = kind;
            }
            else if (kind == BidiClass.EN && strong == BidiClass.L)
            {
                kind = BidiClass.L; // W7
            }
        }
    }

    // N0, BD16.
    private readonly void ResolveBrackets(List<int> sequence, BidiClass[] original, BidiClass before, byte level)
    {
        var pairs = FindPairs(sequence);
        if (pairs.Count == 0)
        {
            return;
        }

        pairs.Sort();
        var own = Direction(level);
        foreach (var (open, close) in pairs)
        {
            var (foundOwn, foundOther) = (false, false);
            for (var i = open + 1; i < close; i++)
            {
                var strong = Strong(_classes[sequence[i]]);
                foundOwn |= strong == own;
                foundOther |= strong is not BidiClass.ON && strong != own;
            }

            var resolved = BidiClass.ON;
            if (foundOwn)
            {
                resolved = own;
            }
            else if (foundOther)
            {
                var context = before;
                for (var i = open - 1; i >= 0; i--)
                {
                    if (Strong(_classes[sequence[i]]) is not BidiClass.ON and var strong)
                    {
                        context = strong;
                        break;
                    }
                }

                resolved = context != own ? context : own;
            }

            if (resolved != BidiClass.ON)
            {
                SetBracket(sequence, original, open, resolved);
                SetBracket(sequence, original, close, resolved);
            }
        }
    }

    private static BidiClass Strong(BidiClass kind) => kind switch
    {
        BidiClass.L => BidiClass.L,
        BidiClass.R or BidiClass.EN or BidiClass.AN => BidiClass.R,
        _ => BidiClass.ON,
    };

    // Marks on a bracket, which W1 made like it, go with it.
    private readonly void SetBracket(List<int> sequence, BidiClass[] original, int index, BidiClass kind)
    {
        _classes[sequence[index]] = kind;
        for (var i = index + 1; i < sequence.Count && original[sequence[i]] == BidiClass.NSM; i++)
        {
            _classes[sequence[i]] = kind;
        }
    }

    private readonly List<(int Open, int Close)> FindPairs(List<int> sequence)
    {
        var pairs = new List<(int, int)>();
        Span<(int Partner, int Index)> open = stackalloc (int, int)[MaxOpenBrackets];
        var depth = 0;
        for (var i = 0; i < sequence.Count; i++)
        {
            var at = sequence[i];
            if (_classes[at] != BidiClass.ON)
            {
                continue;
            }

            var side = char.IsSurrogate(_text[at]) ? 0 : CharacterProperties.BracketOf(_text[at], out _);
            if (side == 0)
            {
                continue;
            }

            CharacterProperties.BracketOf(_text[at], out var partner);
            if (side > 0)
            {
                if (depth == MaxOpenBrackets)
                {
                    return [];
                }

                open[depth++] = (Same(partner), i);
                continue;
            }

            for (var d = depth - 1; d >= 0; d--)
            {
                if (open[d].Partner == Same(_text[at]))
                {
                    pairs.Add((open[d].Index, i));
                    depth = d;
                    break;
                }
            }
        }

        return pairs;
    }

    // The angle brackets of two blocks are the same in canonical equivalence.
    private static int Same(int codePoint) => codePoint switch { 0x2329 => 0x3008, 0x232A => 0x3009, _ => codePoint };

    // N1, N2.
    private readonly void ResolveNeutrals(List<int> sequence, BidiClass before, BidiClass after, byte level)
    {
        for (var i = 0; i < sequence.Count;)
        {
            if (!IsNeutral(_classes[sequence[i]]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < sequence.Count && IsNeutral(_classes[sequence[i]]))
            {
                i++;
            }

            var left = start > 0 ? Strong(_classes[sequence[start - 1]]) : before;
            var right = i < sequence.Count ? Strong(_classes[sequence[i]]) : after;
            var kind = left == right ? left : Direction(level);
            for (var j = start; j < i; j++)
            {
                _classes[sequence[j]] = kind;
            }
        }
    }

    private static bool IsNeutral(BidiClass kind) =>
        kind is BidiClass.B or BidiClass.S or BidiClass.WS or BidiClass.ON or BidiClass.LRI or BidiClass.RLI or BidiClass.FSI or BidiClass.PDI;
}

namespace ClinicFlow.Documents.Unicode;

/// <summary>What may happen before a character.</summary>
internal enum LineBreak : byte
{
    /// <summary>The line may not end here.</summary>
    No,

    /// <summary>The line may end here.</summary>
    Allowed,

    /// <summary>The line must end here.</summary>
    Required,
}

/// <summary>Where lines may end: the Unicode line breaking algorithm (UAX #14, revision 50), without tailoring.</summary>
internal static class LineBreaks
{
    /// <summary>Finds breaks.</summary>
    /// <param name="text">A paragraph, or more of them.</param>
    /// <param name="breaks">As long as the text. At each index: what may happen before that UTF-16 unit. Index 0 and the second half of a
    /// surrogate pair are always <see cref="LineBreak.No"/>; the end of the text, where a line always ends, has no entry.</param>
    public static void Find(ReadOnlySpan<char> text, Span<LineBreak> breaks)
    {
        var state = new Scan();
        for (var at = 0; at < text.Length;)
        {
            var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            var codePoint = isPair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
            breaks[at] = state.Before(codePoint, text[(at + (isPair ? 2 : 1))..]);
            at++;
            if (isPair)
            {
                breaks[at++] = LineBreak.No;
            }
        }
    }

    // The state of the scan: what the rules look back at.
    private struct Scan
    {
        private LineBreakClass _before;      // The class before, marks joined to it (LB9), spaces aside.
        private LineBreakClass _last;        // The class right before, marks joined to it.
        private LineBreakClass _beforeThat;  // The class before _before where nothing stands between: for LB21a.
        private bool _isStarted;
        private bool _afterSpaces;
        private bool _afterZwj;
        private bool _isWide;                // The character of _before is East Asian: for LB30.
        private bool _isPictograph;          // … is a pictograph not assigned yet: for LB30b.
        private int _indicators;             // Regional indicators in a row: for LB30a.
        private bool _inNumber;              // A number so far: NU (NU | SY | IS)*, for LB25.
        private bool _numberClosed;          // … and a closing bracket after it.

        public LineBreak Before(int codePoint, ReadOnlySpan<char> rest)
        {
            var isWide = CharacterProperties.IsEastAsian(codePoint);
            var isPictograph = CharacterProperties.IsFuturePictograph(codePoint);
            var given = CharacterProperties.LineBreakClassOf(codePoint);
            var kind = Resolve(given, codePoint);
            if (!_isStarted)
            {
                _isStarted = true;
                Take(kind is LineBreakClass.CM or LineBreakClass.ZWJ ? LineBreakClass.AL : kind, isWide, isPictograph);
                _afterZwj = kind == LineBreakClass.ZWJ;
                return LineBreak.No;
            }

            // LB9: marks join to what they stand on; LB10: without that they are letters.
            var stands = _last is not (LineBreakClass.BK or LineBreakClass.CR or LineBreakClass.LF or LineBreakClass.NL or LineBreakClass.SP or LineBreakClass.ZW);
            if (kind is LineBreakClass.CM or LineBreakClass.ZWJ && stands)
            {
                _afterZwj = kind == LineBreakClass.ZWJ;
                return LineBreak.No;
            }

            var isZwj = kind == LineBreakClass.ZWJ;
            if (kind is LineBreakClass.CM or LineBreakClass.ZWJ)
            {
                kind = LineBreakClass.AL;
            }

            var answer = Decide(kind, isWide, rest);
            Take(kind, isWide, isPictograph);
            _afterZwj = isZwj;
            return answer;
        }

        private readonly LineBreak Decide(LineBreakClass next, bool nextIsWide, ReadOnlySpan<char> rest)
        {
            const LineBreak no = LineBreak.No, yes = LineBreak.Allowed;
            var last = _last;
            var before = _before;
            switch (last)
            {
                // LB4, LB5.
                case LineBreakClass.BK or LineBreakClass.LF or LineBreakClass.NL:
                case LineBreakClass.CR when next != LineBreakClass.LF:
                    return LineBreak.Required;
                case LineBreakClass.CR:
                    return no;
            }

            // LB6, LB7.
            if (next is LineBreakClass.BK or LineBreakClass.CR or LineBreakClass.LF or LineBreakClass.NL or LineBreakClass.SP or LineBreakClass.ZW)
            {
                return no;
            }

            // LB8, LB8a.
            if (before == LineBreakClass.ZW)
            {
                return yes;
            }

            if (_afterZwj)
            {
                return no;
            }

            // LB11, LB12, LB12a.
            if (next == LineBreakClass.WJ || last == LineBreakClass.WJ || last == LineBreakClass.GL)
            {
                return no;
            }

            if (next == LineBreakClass.GL && last is not (LineBreakClass.SP or LineBreakClass.BA or LineBreakClass.HY))
            {
                return no;
            }

            // LB13 to LB17: across spaces.
            if (next is LineBreakClass.CL or LineBreakClass.CP or LineBreakClass.EX or LineBreakClass.IS or LineBreakClass.SY)
            {
                return no;
            }

            if (before == LineBreakClass.OP)
            {
                return no;
            }

            if ((before == LineBreakClass.QU && next == LineBreakClass.OP)
                || (before is LineBreakClass.CL or LineBreakClass.CP && next == LineBreakClass.NS)
                || (before == LineBreakClass.B2 && next == LineBreakClass.B2))
            {
                return no;
            }

            // LB18.
            if (last == LineBreakClass.SP)
            {
                return yes;
            }

            // LB19, LB20.
            if (next == LineBreakClass.QU || last == LineBreakClass.QU)
            {
                return no;
            }

            if (next == LineBreakClass.CB || last == LineBreakClass.CB)
            {
                return yes;
            }

            // LB21, LB21a, LB21b, LB22.
            if (next is LineBreakClass.BA or LineBreakClass.HY or LineBreakClass.NS || last == LineBreakClass.BB)
            {
                return no;
            }

            if (_beforeThat == LineBreakClass.HL && last is LineBreakClass.HY or LineBreakClass.BA)
            {
                return no;
            }

            if ((last == LineBreakClass.SY && next == LineBreakClass.HL) || next == LineBreakClass.IN)
            {
                return no;
            }

            return DecideLetters(last, next, nextIsWide, rest) ? no : yes;
        }

        // LB23 to LB30b: whether the two hold together.
        private readonly bool DecideLetters(LineBreakClass last, LineBreakClass next, bool nextIsWide, ReadOnlySpan<char> rest)
        {
            var lastIsLetter = last is LineBreakClass.AL or LineBreakClass.HL;
            var nextIsLetter = next is LineBreakClass.AL or LineBreakClass.HL;
            var lastIsIdeograph = last is LineBreakClass.ID or LineBreakClass.EB or LineBreakClass.EM;
            var nextIsIdeograph = next is LineBreakClass.ID or LineBreakClass.EB or LineBreakClass.EM;
            var lastIsSign = last is LineBreakClass.PR or LineBreakClass.PO;
            var nextIsSign = next is LineBreakClass.PR or LineBreakClass.PO;

            // LB23, LB23a, LB24.
            if ((lastIsLetter && next == LineBreakClass.NU) || (last == LineBreakClass.NU && nextIsLetter)
                || (last == LineBreakClass.PR && nextIsIdeograph) || (lastIsIdeograph && next == LineBreakClass.PO)
                || (lastIsSign && nextIsLetter) || (lastIsLetter && nextIsSign))
            {
                return true;
            }

            // LB25: as the example of section 8.2 reads it, numbers hold together with what belongs to them.
            if ((_inNumber && (next == LineBreakClass.NU || (nextIsSign && !_numberClosed)))
                || (_numberClosed && nextIsSign)
                || (lastIsSign && next is LineBreakClass.NU)
                || (last is LineBreakClass.HY or LineBreakClass.OP && next == LineBreakClass.NU)
                || (lastIsSign && next == LineBreakClass.OP && StartsNumber(rest)))
            {
                return true;
            }

            // LB26, LB27.
            var lastIsHangul = last is LineBreakClass.JL or LineBreakClass.JV or LineBreakClass.JT or LineBreakClass.H2 or LineBreakClass.H3;
            var nextIsHangul = next is LineBreakClass.JL or LineBreakClass.JV or LineBreakClass.JT or LineBreakClass.H2 or LineBreakClass.H3;
            if ((last == LineBreakClass.JL && next is LineBreakClass.JL or LineBreakClass.JV or LineBreakClass.H2 or LineBreakClass.H3)
                || (last is LineBreakClass.JV or LineBreakClass.H2 && next is LineBreakClass.JV or LineBreakClass.JT)
                || (last is LineBreakClass.JT or LineBreakClass.H3 && next == LineBreakClass.JT)
                || (lastIsHangul && next == LineBreakClass.PO) || (last == LineBreakClass.PR && nextIsHangul))
            {
                return true;
            }

            // LB28, LB29, LB30, LB30a, LB30b.
            return (lastIsLetter && nextIsLetter)
                || (last == LineBreakClass.IS && nextIsLetter)
                || (((lastIsLetter || last == LineBreakClass.NU) && next == LineBreakClass.OP) && !nextIsWide)
                || (last == LineBreakClass.CP && !_isWide && (nextIsLetter || next == LineBreakClass.NU))
                || (last == LineBreakClass.RI && next == LineBreakClass.RI && _indicators % 2 == 1)
                || ((last == LineBreakClass.EB || _isPictograph) && next == LineBreakClass.EM);
        }

        private static bool StartsNumber(ReadOnlySpan<char> rest) =>
            !rest.IsEmpty && CharacterProperties.LineBreakClassOf(rest[0]) == LineBreakClass.NU;

        private void Take(LineBreakClass kind, bool isWide, bool isPictograph)
        {
            _beforeThat = _last;
            _afterSpaces = kind == LineBreakClass.SP;
            _last = kind;
            _indicators = kind == LineBreakClass.RI ? _indicators + 1 : 0;
            if (kind == LineBreakClass.NU)
            {
                (_inNumber, _numberClosed) = (true, false);
            }
            else if (kind is LineBreakClass.CL or LineBreakClass.CP && _inNumber && !_numberClosed)
            {
                _numberClosed = true;
                _inNumber = false;
            }
            else if (!(kind is LineBreakClass.SY or LineBreakClass.IS && _inNumber))
            {
                (_inNumber, _numberClosed) = (false, false);
            }

            if (!_afterSpaces)
            {
                (_before, _isWide, _isPictograph) = (kind, isWide, isPictograph);
            }
        }

        // LB1.
        private static LineBreakClass Resolve(LineBreakClass given, int codePoint) => given switch
        {
            LineBreakClass.AI or LineBreakClass.SG or LineBreakClass.XX => LineBreakClass.AL,
            LineBreakClass.SA => CharacterProperties.IsCombining(codePoint) ? LineBreakClass.CM : LineBreakClass.AL,
            LineBreakClass.CJ => LineBreakClass.NS,
            _ => given,
        };
    }
}

using System.Buffers;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// Writes runs of glyphs as text objects. Characters that have a byte in WinAnsiEncoding are written as that (<see cref="ByteCodes"/>), other glyphs as their CIDs;
/// where one does not land on its laid place by its own width, a number moves it. Where copying the glyphs would not give the text back, the words concerned carry it as ActualText.
/// </summary>
internal sealed class TextWriter
{
    // A hundredth of a point is not seen, and never adds up: what is left over is carried on.
    private const double Tolerance = 0.005;
    private const double SlantOf12Degrees = 0.2126;

    private PdfBuffer _out = null!;
    private bool _isOpen;
    /// <summary>How many letters were written that take a byte each.</summary>
    public int Letters { get; private set; }

    /// <summary>How many glyphs were written by their CIDs.</summary>
    public int Cids { get; private set; }

    private LaidGlyph[] _worked = []; // glyphs that no fragment stores
    private byte[]? _font;
    private float _size;
    private double _wordSpacing;
    private float _scale;
    private int _mode;
    private double _lineX;
    private double _lineY;
    private bool _isSlanted;

    // Within one TJ.
    private bool _isArrayOpen;
    private bool _isStringOpen;
    private float _rise;

    /// <summary>Starts on a content whose graphics state is the default.</summary>
    public void Begin(PdfBuffer output) => (_out, _isOpen, _font, _size, _scale, _mode, _wordSpacing, Letters, Cids) = (output, false, null, 0, 1, 0, 0, 0, 0);

    /// <summary>What of the text state lasts when a text object ends, to be put back where the graphics state is.</summary>
    public State Kept
    {
        get => new(_font, _size, _scale, _mode, _wordSpacing);
        set => (_font, _size, _scale, _mode, _wordSpacing) = value;
    }

    internal readonly record struct State(byte[]? Font, float Size, float Scale, int Mode, double WordSpacing);

    /// <summary>Ends the text object, if one is open.</summary>
    public void End()
    {
        if (_isOpen)
        {
            _out.Write("ET\n"u8);
            _isOpen = false;
        }
    }

    /// <summary>Writes a run whose colours and, for bold that is synthesized, pen are set; its glyphs and, where they say something else than their characters, their texts go to <paramref name="use"/>.</summary>
    public void Write(Fragment fragment, in GlyphRun run, FaceUse use)
    {
        var text = fragment.Text.AsSpan();
        var scale = run.HorizontalScale is 0 ? 1 : run.HorizontalScale;
        _rise = 0;
        if (run.IsNatural && use.Face.Bytes is { } bytes && text.Slice(run.TextStart, run.TextLength) is var shown && bytes.Cover(shown))
        {
            Open(run, use.Face.ByteName);
            use.AddText(shown);
            WriteBytes(shown, bytes, run, scale);
            return;
        }

        var glyphs = fragment.GlyphsOf(run, ref _worked);
        var isPlain = IsPlain(glyphs, text, run, use.Face);
        if (isPlain && use.Face.ByteGlyphs is { } byteGlyphs && byteGlyphs.Cover(glyphs))
        {
            Open(run, use.Face.ByteName);
            SetWordSpacing(0);
            use.HasBytes = true;
            Letters += glyphs.Length;
            WritePlain(glyphs, text, run, byteGlyphs, use.Glyphs, scale);
        }
        else if (isPlain)
        {
            Open(run, use.Face.ResourceName);
            use.HasCids = true;
            Cids += glyphs.Length;
            WritePlain(glyphs, text, run, use.Face.Glyphs, use.Glyphs, scale);
        }
        else
        {
            Open(run, use.Face.ResourceName);
            use.HasCids = true;
            Cids += glyphs.Length;
            var words = new WordFinder(glyphs, text, run, use);
            var cids = use.Face.Cids;
            var toPoints = run.Size * scale / run.Face.UnitsPerEm;
            var laid = 0.0;   // where the next glyph's origin is to be
            var drawn = 0.0;  // where it would come to be
            for (var i = 0; i < glyphs.Length;)
            {
                // Right to left, marks come to stand before their letter. Readers look for them after it.
                var last = i;
                while (run.IsRightToLeft && IsMark(glyphs[last], text) && last + 1 < glyphs.Length && !words.EndsAfter(last))
                {
                    last++;
                }

                if (words.StartsAt(i, out var actual))
                {
                    CloseArray();
                    _out.Write("/Span<</ActualText"u8).Text(actual).Write(">>BDC "u8);
                }

                for (var j = last; j >= i; j--)
                {
                    use.Add(glyphs[j].Id);
                    WriteGlyph(glyphs[j], cids, run, scale, laid, ref drawn);
                    drawn += run.Face.AdvanceOf(glyphs[j].Id) * toPoints;
                }

                laid += fragment.AdvanceOf(run, glyphs, last);
                if (words.EndsAfter(last))
                {
                    CloseArray();
                    _out.Write("EMC "u8);
                }

                i = last + 1;
            }
        }

        SetRise(0);
        CloseArray();
        _out.WriteByte((byte)'\n');
    }

    // Letters at their own advances: a string, whose spaces are stretched as one.
    private void WriteBytes(ReadOnlySpan<char> text, ByteCodes codes, in GlyphRun run, float scale)
    {
        var (from, to) = run.Stretch == 0 ? (0, text.Length) : (Math.Max(0, run.StretchFrom - run.TextStart), Math.Min(text.Length, run.StretchTo - run.TextStart));
        if (from >= to)
        {
            SetWordSpacing(0);
            WriteString(text, codes);
            _out.Write("Tj\n"u8);
            return;
        }

        // Spaces that stay as they are stand at an end, before a tab or where the line hangs over, which is not seen: there are up to three strings.
        var (before, after) = (text[..from].Contains(' ') ? from : 0, text[to..].Contains(' ') && text[to..].ContainsAnyExcept(' ') ? to : text.Length);
        Part(text[..before], 0);
        Part(text[before..after], run.Stretch / scale);
        Part(text[after..], 0);
        _out.WriteByte((byte)'\n');

        void Part(ReadOnlySpan<char> part, double spacing)
        {
            if (!part.IsEmpty)
            {
                SetWordSpacing(spacing);
                WriteString(part, codes);
                _out.Write("Tj "u8);
            }
        }
    }

    private void SetWordSpacing(double spacing)
    {
        // As it will be written: what differs by less is the same.
        spacing = Math.Round(spacing * 1000) / 1000;
        if (spacing != _wordSpacing)
        {
            _wordSpacing = spacing;
            _out.Write(spacing).Write(" Tw "u8);
        }
    }

    private void WriteString(ReadOnlySpan<char> text, ByteCodes codes)
    {
        var room = _out.Room((text.Length * 2) + 2);
        room[0] = (byte)'(';
        var at = 1;
        if (!text.ContainsAny('(', ')', '\\') && System.Text.Ascii.FromUtf16(text, room[1..], out var written) == OperationStatus.Done)
        {
            at += written;
        }
        else
        {
            foreach (var c in text)
            {
                at = GlyphCodes.Escape(room, at, codes.CodeOf(c));
            }
        }

        room[at++] = (byte)')';
        _out.Advance(at);
        Letters += text.Length;
    }

    // One glyph a character: the numbers that move them are few, and what lies between is copied.
    private void WritePlain(ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, in GlyphRun run, GlyphCodes codes, ulong[] used, float scale)
    {
        var toPoints = run.Size * scale / run.Face.UnitsPerEm;
        var stretch = run.Stretch;
        var pending = 0.0; // how far the next origin lies to the right of where it would come to be
        var room = _out.Room((glyphs.Length * 4) + 8);
        var at = 0;
        for (var i = 0; i < glyphs.Length; i++)
        {
            ref readonly var glyph = ref glyphs[i];
            if (glyph.OffsetY != -_rise)
            {
                Pause();
                SetRise(-glyph.OffsetY);
                room = _out.Room(((glyphs.Length - i) * 4) + 8);
            }

            var gap = pending + glyph.OffsetX;
            if (gap is > Tolerance or < -Tolerance)
            {
                var units = Math.Round(-gap * 10_000 / (run.Size * scale)) / 10;
                if (units != 0)
                {
                    Pause();
                    CloseString();
                    OpenArray();
                    _out.Write(units);
                    pending += units * run.Size * scale / 1000;
                    room = _out.Room(((glyphs.Length - i) * 4) + 8);
                }
            }

            if (!_isStringOpen)
            {
                if (!_isArrayOpen)
                {
                    room[at++] = (byte)'[';
                    _isArrayOpen = true;
                }

                room[at++] = (byte)'(';
                _isStringOpen = true;
            }

            var (code, length, advance) = codes.Of(glyph.Id);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(room[at..], code);
            at += length;
            used[glyph.Id >> 6] |= 1UL << (glyph.Id & 63);
            pending += glyph.Advance - (advance * toPoints);
            if (stretch != 0 && text[glyph.Cluster] == ' ' && glyph.Cluster >= run.StretchFrom && glyph.Cluster < run.StretchTo)
            {
                pending += stretch;
            }
        }

        Pause();

        void Pause()
        {
            _out.Advance(at);
            at = 0;
        }
    }

    private static bool IsMark(in LaidGlyph glyph, ReadOnlySpan<char> text) =>
        glyph.Advance == 0 && (uint)glyph.Cluster < (uint)text.Length && CharacterProperties.IsMark(text[glyph.Cluster]);

    // Each glyph shows the one character that leads to it, and none stands apart from its word: then nothing need be said about its text.
    private static bool IsPlain(ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, in GlyphRun run, PdfFace face)
    {
        var texts = face.Texts;
        if (run.IsRightToLeft || glyphs.Length != run.TextLength)
        {
            return false;
        }

        for (var i = 0; i < glyphs.Length; i++)
        {
            var at = run.TextStart + i;
            if (glyphs[i].Cluster != at || at >= text.Length || glyphs[i].Id >= run.Face.GlyphCount || !GlyphTexts.IsAsGood(texts.CharacterOf(glyphs[i].Id), text[at])
                || (run.HasOtherAdvances && i + 1 < glyphs.Length && at + 1 < text.Length && text[at] != ' ' && text[at + 1] != ' ' && WordFinder.StandsApart(glyphs[i], glyphs[i + 1], run)))
            {
                return false;
            }
        }

        return true;
    }

    private void Open(in GlyphRun run, byte[] font)
    {
        if (!_isOpen)
        {
            _out.Write("BT\n"u8);
            (_isOpen, _lineX, _lineY, _isSlanted) = (true, 0, 0, false);
        }

        if (!ReferenceEquals(font, _font) || run.Size != _size)
        {
            (_font, _size) = (font, run.Size);
            _out.Write(font).WriteByte((byte)' ').Write((double)run.Size).Write(" Tf "u8);
        }

        var scale = run.HorizontalScale is 0 ? 1 : run.HorizontalScale;
        if (scale != _scale)
        {
            _scale = scale;
            _out.Write(scale * 100.0).Write(" Tz "u8);
        }

        var mode = (run.Relief & GlyphRelief.Hollow) != 0 ? 1 : run.IsSyntheticBold ? 2 : 0;
        if (mode != _mode)
        {
            _mode = mode;
            _out.Write(mode switch { 1 => "1 Tr "u8, 2 => "2 Tr "u8, _ => "0 Tr "u8 });
        }

        if (run.IsSyntheticItalic || _isSlanted)
        {
            _isSlanted = run.IsSyntheticItalic;
            _out.Write("1 0 "u8).Write(_isSlanted ? SlantOf12Degrees : 0).Write(" 1 "u8).Write((double)run.X).WriteByte((byte)' ').Write((double)-run.Baseline).Write(" Tm "u8);
            (_lineX, _lineY) = (run.X, -run.Baseline);
            return;
        }

        _out.Write(run.X - _lineX).WriteByte((byte)' ').Write(-run.Baseline - _lineY).Write(" Td "u8);

        // The next move starts from where the rounded numbers have led.
        _lineX += Math.Round((run.X - _lineX) * 1000) / 1000;
        _lineY += Math.Round((-run.Baseline - _lineY) * 1000) / 1000;
    }

    private void WriteGlyph(in LaidGlyph glyph, GlyphCids cids, in GlyphRun run, float scale, double laid, ref double drawn)
    {
        SetRise(-glyph.OffsetY);
        var gap = laid + glyph.OffsetX - drawn;
        if (Math.Abs(gap) > Tolerance)
        {
            // Thousandths of the text space, to the left; a tenth of one is far below what can be seen.
            var units = Math.Round(-gap * 10_000 / (run.Size * scale)) / 10;
            if (units != 0)
            {
                CloseString();
                OpenArray();
                _out.Write(units);
                drawn -= units * run.Size * scale / 1000;
            }
        }

        OpenArray();
        var cid = cids.CidOf(glyph.Id);
        var room = _out.Room(6);
        var at = 0;
        if (!_isStringOpen)
        {
            room[at++] = (byte)'(';
            _isStringOpen = true;
        }

        at = GlyphCodes.Escape(room, at, (byte)(cid >> 8));
        at = GlyphCodes.Escape(room, at, (byte)cid);
        _out.Advance(at);
    }

    private void SetRise(float rise)
    {
        if (Math.Abs(rise - _rise) > 0.0005f)
        {
            CloseArray();
            _rise = rise;
            _out.Write((double)rise).Write(" Ts "u8);
        }
    }

    private void OpenArray()
    {
        if (!_isArrayOpen)
        {
            _out.WriteByte((byte)'[');
            _isArrayOpen = true;
        }
    }

    private void CloseString()
    {
        if (_isStringOpen)
        {
            _out.WriteByte((byte)')');
            _isStringOpen = false;
        }
    }

    private void CloseArray()
    {
        CloseString();
        if (_isArrayOpen)
        {
            _out.Write("]TJ "u8);
            _isArrayOpen = false;
        }
    }
}

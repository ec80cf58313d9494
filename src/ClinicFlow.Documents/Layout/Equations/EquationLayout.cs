using System.Text;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>A piece of an equation between two places where a line may end.</summary>
/// <param name="Box">What is drawn; its width has the room to the next piece.</param>
/// <param name="Ascent">What it asks of its line above the baseline.</param>
/// <param name="Descent">The same below.</param>
internal sealed record EquationPiece(EquationBox Box, double Ascent, double Descent);

/// <summary>An equation that is set.</summary>
/// <param name="Pieces">At least one.</param>
/// <param name="Number">At the end of the line; null for none.</param>
internal sealed record LaidEquation(EquationPiece[] Pieces, EquationBox? Number);

/// <summary>
/// Sets equations by the MATH table of a font (OpenType, "MATH"): each construct is made of the boxes of its parts, at distances that the table gives in parts of the em.
/// The same equation, settings and font give the same boxes. Evidence for what the table does not say: docs/layout.md, "Equations".
/// </summary>
/// <param name="font">The font of equations.</param>
/// <param name="settings">What the document says of all equations.</param>
/// <param name="signs">Makes letters and signs, in that font or in others.</param>
internal sealed class EquationLayout(MathFont font, EquationSettings settings, SignMaker signs)
{
    private const double ThinSpace = 3 / 18.0;
    private const double LineDistance = 1.2;
    private const double CellGap = 1;
    private const double MatrixSide = 0.1;

    // Brackets need not quite cover what they hold (The TeXbook, delimiterfactor).
    private const double Covered = 0.901;

    private readonly StackMaker _stacks = new(font);
    private readonly ScriptMaker _scripts = new(font);
    private readonly CoverMaker _covers = new(font, signs);

    /// <summary>A part of a row with what it is to its neighbours.</summary>
    /// <param name="Box">What is drawn.</param>
    /// <param name="Left">Its class as seen from the left.</param>
    /// <param name="Right">Its class as seen from the right.</param>
    /// <param name="Size">The em by which room around it is measured.</param>
    /// <param name="IsSlanted">It begins with a slanted letter.</param>
    private readonly record struct Part(EquationBox Box, SignClass Left, SignClass Right, double Size, bool IsSlanted = false);

    /// <summary>Sets an equation.</summary>
    public LaidEquation Lay(Equation equation)
    {
        var style = new EquationStyle(equation.Display is null ? EquationLevel.Text : EquationLevel.Display, IsCramped: false);
        var parts = Parts(equation.Content, style);
        Resolve(parts, hasLeft: false);
        var pieces = new List<EquationPiece>();
        var size = equation.Format.Size.Value;
        for (var start = 0; start < parts.Count;)
        {
            var end = start + 1;
            while (end < parts.Count && !MayBreakBefore(parts, end))
            {
                end++;
            }

            pieces.Add(Piece(Join(parts, start, end, style.IsScript), size));
            start = end;
        }

        if (pieces.Count == 0)
        {
            pieces.Add(Piece(EquationGroup.Empty, size));
        }

        return new([.. pieces], equation.Number is { } number ? Row(number, style.Text) : null);
    }

    // Lines end at operators of the equation itself, not of what stands in brackets or under roots.
    private bool MayBreakBefore(List<Part> parts, int at)
    {
        var (operand, other) = settings.BreaksBehindOperators ? (parts[at - 1], parts[at]) : (parts[at], parts[at - 1]);
        return operand.Left is SignClass.Binary or SignClass.Relation && other.Left is not (SignClass.Binary or SignClass.Relation);
    }

    // A line is as high as its font's; outlines that reach beyond make it higher, above with the font's leading (OpenType, MathLeading).
    private EquationPiece Piece(EquationBox box, double size)
    {
        var line = font.Font.Line;
        return new(box, Math.Max((line.Ascent + line.Gap) * size, box.Ascent + (font[MathConstant.MathLeading] * size)), Math.Max(line.Descent * size, box.Descent));
    }

    private double SizeOf(CharacterFormat format, EquationStyle style) => format.Size.Value * style.Level switch
    {
        EquationLevel.Script => font[MathConstant.ScriptPercentScaleDown],
        EquationLevel.ScriptOfScript => font[MathConstant.ScriptScriptPercentScaleDown],
        _ => 1,
    };

    private double Length(MathConstant constant, double size) => font[constant] * size;

    private double Axis(double size) => Length(MathConstant.AxisHeight, size);

    // --- Rows ---

    private EquationBox Row(EquationRow row, EquationStyle style, bool hasLeft = false)
    {
        var parts = Parts(row, style);
        Resolve(parts, hasLeft);
        return parts.Count == 1 && !hasLeft ? parts[0].Box : Join(parts, 0, parts.Count, style.IsScript, hasLeft, isAll: true);
    }

    private List<Part> Parts(EquationRow row, EquationStyle style)
    {
        var parts = new List<Part>();
        foreach (var node in row.Items)
        {
            if (node is EquationText text)
            {
                AddText(parts, text, style);
            }
            else
            {
                AddConstruct(parts, node, style);
            }
        }

        return parts;
    }

    // Letters, digits and spaces after each other are one part; each operator is its own.
    private void AddText(List<Part> parts, EquationText text, EquationStyle style)
    {
        var size = SizeOf(text.Format, style);
        if (text.Style.IsNormal)
        {
            parts.Add(new(signs.Text(text.Text, text.Style, text.Format, size), SignClass.Ordinary, SignClass.Ordinary, size));
            return;
        }

        var all = text.Text;
        for (var i = 0; i < all.Length;)
        {
            var (kind, isSlanted, next) = KindAt(all, i, text.Style);
            while (kind is SignClass.Ordinary or SignClass.Space && next < all.Length && KindAt(all, next, text.Style) is var more && more.Kind == kind && more.IsSlanted == isSlanted)
            {
                next = more.Next;
            }

            parts.Add(new(signs.Text(all[i..next], text.Style, text.Format, size), kind, kind, size, isSlanted));
            i = next;
        }
    }

    private static (SignClass Kind, bool IsSlanted, int Next) KindAt(string text, int at, EquationTextStyle style)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        var isWithinNumber = rune.Value == ',' && at > 0 && at + 1 < text.Length && char.IsAsciiDigit(text[at - 1]) && char.IsAsciiDigit(text[at + 1]);
        return (isWithinNumber ? SignClass.Ordinary : SignClasses.Of(rune.Value), style.IsItalic && MathAlphabets.FormOf(rune.Value, style) != rune.Value && !Rune.IsDigit(rune), at + length);
    }

    // A plus or minus with nothing before or behind it is no operator between two.
    private static void Resolve(List<Part> parts, bool hasLeft)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Left == SignClass.Binary)
            {
                if (!SignClasses.IsBinaryBetween(Neighbour(i, -1)?.Right ?? (hasLeft ? SignClass.Ordinary : null), Neighbour(i, 1)?.Left))
                {
                    parts[i] = parts[i] with { Left = SignClass.Ordinary, Right = SignClass.Ordinary };
                }
            }
        }

        // Spaces that are typed are no neighbours.
        Part? Neighbour(int of, int step)
        {
            for (var i = of + step; i >= 0 && i < parts.Count; i += step)
            {
                if (parts[i].Left != SignClass.Space)
                {
                    return parts[i];
                }
            }

            return null;
        }
    }

    private static EquationGroup Join(List<Part> parts, int start, int end, bool isScript, bool hasLeft = false, bool isAll = false)
    {
        var placed = new PlacedBox[end - start];
        var x = hasLeft && start < end ? SignClasses.Between(SignClass.Ordinary, parts[start].Left, isScript) * parts[start].Size : 0;
        for (var i = start; i < end; i++)
        {
            var part = parts[i];
            placed[i - start] = new(part.Box, x, 0);
            x += part.Box.Width;
            if (i + 1 < parts.Count)
            {
                var next = parts[i + 1];
                x += SignClasses.Between(part.Right, next.Left, isScript) * Math.Max(part.Size, next.Size);

                // A slanted letter must not touch an upright one.
                x += part.IsSlanted && !next.IsSlanted ? part.Box.ItalicsCorrection : 0;
            }
        }

        var (ascent, descent) = EquationGroup.Reach(placed);
        return new() { Width = x, Ascent = ascent, Descent = descent, Children = placed, ItalicsCorrection = isAll && end > start ? parts[end - 1].Box.ItalicsCorrection : 0 };
    }

    // --- Constructs ---

    private void AddConstruct(List<Part> parts, EquationNode node, EquationStyle style)
    {
        var size = SizeOf(node.Format, style);
        switch (node)
        {
            case Fraction { Kind: FractionKind.Linear } fraction:
                parts.Add(Inner(Row(fraction.Numerator, style)));
                parts.Add(Inner(signs.Sign("/", fraction.Format, size)));
                parts.Add(Inner(Row(fraction.Denominator, style)));
                break;
            case Fraction fraction:
                parts.Add(Inner(Fraction(fraction, settings.HasSmallFractions ? style.Text : style, size)));
                break;
            case Scripts scripts:
                AddScripts(parts, scripts, style, size);
                break;
            case Radical radical:
                parts.Add(Inner(Radical(radical, style, size)));
                break;
            case NaryOperator nary:
                parts.Add(new(Nary(nary, style, size), SignClass.LargeOperator, SignClass.Ordinary, size));
                break;
            case Delimited delimited:
                parts.Add(new(Enclose(delimited, style, size), SignClass.Opening, SignClass.Closing, size));
                break;
            case FunctionApply function:
                parts.Add(new(Function(function, style, size), SignClass.LargeOperator, SignClass.Ordinary, size));
                break;
            case Limit limit:
                parts.Add(new(_scripts.AddLimits(Row(limit.Base, style), limit.IsAbove ? null : Row(limit.Bound, style.Subscript), limit.IsAbove ? Row(limit.Bound, style.Superscript) : null, 0, size), SignClass.Ordinary, SignClass.Ordinary, size));
                break;
            case Accent accent:
                parts.Add(Inner(_covers.Accent(Row(accent.Content, style.Cramped), accent, size)));
                break;
            case Bar bar:
                parts.Add(Inner(_covers.Bar(Row(bar.Content, bar.IsAbove ? style.Cramped : style), bar, size)));
                break;
            case GroupSign group:
                parts.Add(new(_covers.Group(Row(group.Content, group.IsSignOnBaseline ? style.Superscript : style), group, size), group.IsSignOnBaseline ? SignClass.Relation : SignClass.Ordinary, group.IsSignOnBaseline ? SignClass.Relation : SignClass.Ordinary, size));
                break;
            case Matrix matrix:
                parts.Add(Inner(LayMatrix(matrix, style, size)));
                break;
            case EquationArray array:
                parts.Add(Inner(LayArray(array, style, size)));
                break;
            case EquationBoxed boxed:
                var content = Row(boxed.Content, style);
                var kind = boxed.IsOperator ? SignClass.Relation : SignClass.Ordinary;
                parts.Add(new(boxed.IsDifferential ? EquationGroup.Of(content.Width + (ThinSpace * size), new PlacedBox(content, ThinSpace * size, 0)) : content, kind, kind, size));
                break;
            case BorderBox box:
                parts.Add(Inner(BorderMaker.Around(Row(box.Content, style), box, Length(MathConstant.FractionRuleThickness, size), size)));
                break;
            case Phantom phantom:
                parts.Add(Inner(Hide(phantom, Row(phantom.Content, style))));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{node.GetType()}");
        }

        Part Inner(EquationBox box) => new(box, SignClass.Ordinary, SignClass.Ordinary, size);
    }

    private EquationGroup Fraction(Fraction fraction, EquationStyle style, double size)
    {
        if (fraction.Kind == FractionKind.Skewed)
        {
            return Skewed(fraction, style, size);
        }

        var over = Row(fraction.Numerator, style.Numerator);
        var under = Row(fraction.Denominator, style.Denominator);
        var width = Math.Max(over.Width, under.Width);
        var rule = fraction.Kind == FractionKind.Bar ? Length(MathConstant.FractionRuleThickness, size) : 0;
        var axis = Axis(size);
        double up, down;
        if (fraction.Kind == FractionKind.Bar)
        {
            up = Length(style.IsDisplay ? MathConstant.FractionNumeratorDisplayStyleShiftUp : MathConstant.FractionNumeratorShiftUp, size);
            down = Length(style.IsDisplay ? MathConstant.FractionDenominatorDisplayStyleShiftDown : MathConstant.FractionDenominatorShiftDown, size);
            up = Math.Max(up, axis + (rule / 2) + Length(style.IsDisplay ? MathConstant.FractionNumeratorDisplayStyleGapMin : MathConstant.FractionNumeratorGapMin, size) + over.Descent);
            down = Math.Max(down, (rule / 2) - axis + Length(style.IsDisplay ? MathConstant.FractionDenominatorDisplayStyleGapMin : MathConstant.FractionDenominatorGapMin, size) + under.Ascent);
        }
        else
        {
            up = Length(style.IsDisplay ? MathConstant.StackTopDisplayStyleShiftUp : MathConstant.StackTopShiftUp, size);
            down = Length(style.IsDisplay ? MathConstant.StackBottomDisplayStyleShiftDown : MathConstant.StackBottomShiftDown, size);
            var missing = Length(style.IsDisplay ? MathConstant.StackDisplayStyleGapMin : MathConstant.StackGapMin, size) - (up - over.Descent + down - under.Ascent);
            (up, down) = missing > 0 ? (up + (missing / 2), down + (missing / 2)) : (up, down);
        }

        // A little room at both sides keeps bars after each other apart.
        var side = Length(MathConstant.FractionRuleThickness, size);
        var numerator = new PlacedBox(over, side + ((width - over.Width) / 2), -up);
        var denominator = new PlacedBox(under, side + ((width - under.Width) / 2), down);
        return rule > 0
            ? EquationGroup.Of(width + (2 * side), numerator, new PlacedBox(EquationRule.Across(width, rule, fraction.Format), side, (rule / 2) - axis), denominator)
            : EquationGroup.Of(width + (2 * side), numerator, denominator);
    }

    private EquationGroup Skewed(Fraction fraction, EquationStyle style, double size)
    {
        var over = Row(fraction.Numerator, style.Superscript);
        var under = Row(fraction.Denominator, style.Subscript);
        var gap = Length(MathConstant.SkewedFractionVerticalGap, size);
        var axis = Axis(size);
        var (overY, underY) = (-(axis + (gap / 2) + over.Descent), (gap / 2) - axis + under.Ascent);
        var slash = signs.Tall("/", over.Height + gap + under.Height, fraction.Format, size);
        return EquationGroup.Of(over.Width + slash.Width + under.Width, new PlacedBox(over, 0, overY), new PlacedBox(slash, over.Width, OnAxis(slash, axis)), new PlacedBox(under, over.Width + slash.Width, underY));
    }

    // How far below the baseline a box's own must be, so that its middle is at a height.
    private static double OnAxis(EquationBox box, double axis) => ((box.Ascent - box.Descent) / 2) - axis;

    private void AddScripts(List<Part> parts, Scripts scripts, EquationStyle style, double size)
    {
        var inner = Parts(scripts.Base, style);
        Resolve(inner, hasLeft: false);
        var (left, right) = inner.Count == 1 ? (inner[0].Left, inner[0].Right) : (SignClass.Ordinary, SignClass.Ordinary);
        var slanted = inner.Count > 0 && inner[0].IsSlanted;
        var @base = inner.Count == 1 ? inner[0].Box : Join(inner, 0, inner.Count, style.IsScript, isAll: true);
        var below = scripts.Below is { IsEmpty: false } sub ? Row(sub, style.Subscript) : null;
        var isPrimes = scripts.Above is { } primes && IsPrimes(primes);
        var above = scripts.Above is { IsEmpty: false } sup ? Row(sup, isPrimes ? style : style.Superscript) : null;
        parts.Add(new(_scripts.Add(@base, below, above, style, size, scripts.IsBefore, scripts.IsAligned, isPrimes), left, right, size, slanted && !scripts.IsBefore));
    }

    // Primes are raised by design: they stand as they are beside a letter.
    private static bool IsPrimes(EquationRow row) => !row.IsEmpty && row.Items.All(item => item is EquationText { Style.IsNormal: false } text && text.Text.All(c => c is '\'' or (>= '\u2032' and <= '\u2034') or '\u2057'));

    private EquationGroup Radical(Radical radical, EquationStyle style, double size)
    {
        var content = Row(radical.Content, style.Cramped);
        var gap = Length(style.IsDisplay ? MathConstant.RadicalDisplayStyleVerticalGap : MathConstant.RadicalVerticalGap, size);
        var rule = Length(MathConstant.RadicalRuleThickness, size);
        var sign = signs.Tall("√", content.Height + gap + rule, radical.Format, size);
        gap += Math.Max(0, sign.Height - (content.Height + gap + rule)) / 2;
        var top = content.Ascent + gap + rule;
        var signY = sign.Ascent - top;
        var children = new List<PlacedBox>(4);
        var x = 0.0;
        if (radical.Degree is { } row)
        {
            var degree = Row(row, new EquationStyle(EquationLevel.ScriptOfScript, IsCramped: true));
            var bottom = signY + sign.Descent;
            x = Length(MathConstant.RadicalKernBeforeDegree, size);
            children.Add(new(degree, x, bottom - (font[MathConstant.RadicalDegreeBottomRaisePercent] * sign.Height) - degree.Descent));
            x = Math.Max(0, x + degree.Width + Length(MathConstant.RadicalKernAfterDegree, size));
        }

        children.Add(new(sign, x, signY));
        x += sign.Width;
        children.Add(new(EquationRule.Across(content.Width, rule, radical.Format), x, -(top - rule)));
        children.Add(new(content, x, 0));
        var (ascent, descent) = EquationGroup.Reach([.. children]);
        return new() { Width = x + content.Width, Ascent = ascent + Length(MathConstant.RadicalExtraAscender, size), Descent = descent, Children = [.. children] };
    }

    private EquationGroup Nary(NaryOperator nary, EquationStyle style, double size)
    {
        var content = Row(nary.Content, style);
        var least = style.IsDisplay ? Length(MathConstant.DisplayOperatorMinHeight, size) : 0;
        var height = nary.Grows ? Math.Max(least, content.Height * Covered) : least;
        var plain = signs.Tall(nary.Operator, height, nary.Format, size);
        var sign = EquationGroup.Of(plain.Width, new PlacedBox(plain, 0, OnAxis(plain, Axis(size))));
        var below = nary.Below is { } sub ? Row(sub, style.Subscript) : null;
        var above = nary.Above is { } sup ? Row(sup, style.Superscript) : null;

        // Among words limits stand beside the sign, so that lines stay near each other.
        EquationBox whole = nary.HasLimitsAboveAndBelow && style.IsDisplay
            ? _scripts.AddLimits(sign, below, above, ScriptMaker.LeanOf(plain), size)
            : _scripts.AddToOperator(sign, below, above, ScriptMaker.LeanOf(plain), style, size);
        var first = nary.Content.Items is [Delimited, ..] ? 0 : ThinSpace * size;
        return EquationGroup.Of(whole.Width + first + content.Width, new PlacedBox(whole, 0, 0), new PlacedBox(content, whole.Width + first, 0));
    }

    private EquationGroup Enclose(Delimited delimited, EquationStyle style, double size)
    {
        var rows = delimited.Parts.Select(part => Row(part, style)).ToArray();
        var (ascent, descent) = EquationGroup.Reach([.. rows.Select(row => new PlacedBox(row, 0, 0))]);
        var axis = Axis(size);
        var reach = Math.Max(ascent - axis, descent + axis);
        var isTall = delimited.Grows && ascent + descent >= Length(MathConstant.DelimitedSubFormulaMinHeight, size);
        var (height, middle) = delimited.IsMatched ? (ascent + descent, (ascent - descent) / 2) : (2 * reach, axis);
        var children = new List<PlacedBox>();
        var x = 0.0;
        AddSign(delimited.Begin, 0);
        for (var i = 0; i < rows.Length; i++)
        {
            if (i > 0)
            {
                AddSign(delimited.Separator, ThinSpace * size);
            }

            children.Add(new(rows[i], x, 0));
            x += rows[i].Width;
        }

        // What leans must not touch the bracket.
        x += rows.Length > 0 && delimited.End.Length > 0 ? rows[^1].ItalicsCorrection : 0;
        AddSign(delimited.End, 0);
        return EquationGroup.Of(x, [.. children]);

        void AddSign(string sign, double room)
        {
            if (sign.Length == 0)
            {
                return;
            }

            x += SignClasses.Of(sign[0]) == SignClass.Punctuation ? 0 : room;
            var box = isTall ? signs.Tall(sign, height * Covered, delimited.Format, size) : signs.Sign(sign, delimited.Format, size);
            children.Add(new(box, x, isTall ? OnAxis(box, middle) : 0));
            x += box.Width + room;
        }
    }

    private EquationGroup Function(FunctionApply function, EquationStyle style, double size)
    {
        var name = Row(function.Name, style);
        var argument = Row(function.Argument, style);
        var room = function.Argument.Items is [Delimited, ..] or [] ? 0 : ThinSpace * size;
        return EquationGroup.Of(name.Width + room + argument.Width, new PlacedBox(name, 0, 0), new PlacedBox(argument, name.Width + room, 0));
    }

    private EquationBox LayMatrix(Matrix matrix, EquationStyle style, double size)
    {
        var rows = matrix.Rows.Select(row => row.Select(cell => Row(cell, style.Text)).ToArray()).ToArray();
        var widths = new double[matrix.Columns.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Width);
            }
        }

        var gap = matrix.ColumnGap.Exact?.Value ?? (CellGap * matrix.ColumnGap.Lines * size);
        var left = new double[widths.Length + 1];

        // Numbers must not touch brackets.
        left[0] = MatrixSide * size;
        for (var i = 0; i < widths.Length; i++)
        {
            left[i + 1] = left[i] + Math.Max(widths[i] + (i + 1 < widths.Length ? gap : 0), i + 1 < widths.Length ? matrix.LeastColumn.Value : 0);
        }

        var lines = new EquationBox[rows.Length];
        for (var r = 0; r < rows.Length; r++)
        {
            var placed = new PlacedBox[rows[r].Length];
            for (var i = 0; i < placed.Length; i++)
            {
                var free = widths[i] - rows[r][i].Width;
                placed[i] = new(rows[r][i], left[i] + (matrix.Columns[i] switch { ParagraphAlignment.Start => 0, ParagraphAlignment.End => free, _ => free / 2 }), 0);
            }

            lines[r] = EquationGroup.Of(left[^1] + (MatrixSide * size), placed);
        }

        return _stacks.Stack(lines, matrix.Alignment, matrix.RowSpacing, LineDistance, size);
    }

    // Parts of rows end and begin at common places by turns.
    private EquationBox LayArray(EquationArray array, EquationStyle style, double size)
    {
        var rows = array.Rows.Select(cells => cells.Select((cell, i) => Row(cell, style, hasLeft: i > 0)).ToArray()).ToArray();
        var columns = rows.Length == 0 ? 0 : rows.Max(row => row.Length);
        var widths = new double[columns];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length && row.Length > 1; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Width);
            }
        }

        var total = widths.Sum();
        var whole = rows.Length == 0 ? 0 : Math.Max(total, rows.Max(row => row.Length == 1 ? row[0].Width : 0));
        var lines = new EquationBox[rows.Length];
        for (var r = 0; r < rows.Length; r++)
        {
            var row = rows[r];
            if (row.Length == 1)
            {
                lines[r] = EquationGroup.Of(whole, new PlacedBox(row[0], (whole - row[0].Width) / 2, 0));
                continue;
            }

            var placed = new PlacedBox[row.Length];
            var x = (whole - total) / 2;
            for (var i = 0; i < row.Length; i++)
            {
                placed[i] = new(row[i], x + (i % 2 == 0 ? widths[i] - row[i].Width : 0), 0);
                x += widths[i];
            }

            lines[r] = EquationGroup.Of(whole, placed);
        }

        return _stacks.Stack(lines, array.Alignment, array.RowSpacing, LineDistance, size);
    }

    private static EquationGroup Hide(Phantom phantom, EquationBox content) => new()
    {
        Width = phantom.HasNoWidth ? 0 : content.Width,
        Ascent = phantom.HasNoAscent ? 0 : content.Ascent,
        Descent = phantom.HasNoDescent ? 0 : content.Descent,
        Children = phantom.IsShown ? [new(content, 0, 0)] : [],
    };
}

using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>
/// A numeric picture, the argument of <c>\#</c>: <c>$#,##0.00;($#,##0.00)</c>. ECMA-376 Part 1 §17.16.4.1 and Word's help page.
/// Word reads the separators of a picture as those of the user's regional settings, so a German picture is
/// <c>#.##0,00</c>; both forms are read here, and printed with the separators of the culture. Immutable.
/// </summary>
internal sealed class NumberPicture
{
    private const int MaxLength = 200;

    private readonly Section[] _sections;

    private NumberPicture(Section[] sections) => _sections = sections;

    /// <summary>Parses a picture.</summary>
    /// <returns>Word's error text; null where the picture is good.</returns>
    public static string? TryParse(string text, out NumberPicture? picture)
    {
        picture = null;
        if (text.Length is 0 or > MaxLength)
        {
            return text.Length == 0 ? FieldErrors.SwitchArgumentMissing : FieldErrors.NumberNotRepresentable;
        }

        List<List<Item>> sections = [[]];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case ';' when sections.Count < 3:
                    sections.Add([]);
                    break;
                case '\'' or '`':
                    var end = text.IndexOf(c, i + 1);
                    if (end < 0)
                    {
                        return FieldErrors.UnmatchedQuotes;
                    }

                    sections[^1].Add(new(c == '`' ? ItemKind.Sequence : ItemKind.Literal, text[(i + 1)..end]));
                    i = end;
                    break;
                default:
                    sections[^1].Add(new(KindOf(c), c.ToString()));
                    break;
            }
        }

        picture = new NumberPicture([.. sections.Select(items => new Section([.. items]))]);
        return null;
    }

    /// <summary>Prints a number.</summary>
    public string Format(decimal number, CultureInfo culture, IReadOnlyDictionary<string, int> sequences)
    {
        var decimalComma = NumberText.UsesDecimalComma(culture);
        var first = _sections[0];
        var rounded = first.Round(number, decimalComma);
        var (section, printsSign) = (_sections.Length, rounded) switch
        {
            (3, 0) => (_sections[2], false),
            ( > 1, < 0) => (_sections[1], false),
            _ => (first, rounded < 0),
        };
        return section.Print(number, printsSign, culture, decimalComma, sequences);
    }

    private static ItemKind KindOf(char c) => c switch
    {
        '0' => ItemKind.Zero,
        '#' => ItemKind.Hash,
        'x' or 'X' => ItemKind.Drop,
        '.' => ItemKind.Point,
        ',' => ItemKind.Comma,
        '-' => ItemKind.Minus,
        '+' => ItemKind.Plus,
        _ => ItemKind.Literal,
    };

    private enum ItemKind : byte
    {
        Literal,
        Sequence,
        Zero,
        Hash,
        Drop,
        Point,
        Comma,
        Minus,
        Plus,
    }

    private readonly record struct Item(ItemKind Kind, string Text)
    {
        public bool IsPosition => Kind is ItemKind.Zero or ItemKind.Hash or ItemKind.Drop;

        public bool IsSeparator => Kind is ItemKind.Point or ItemKind.Comma;
    }

    /// <summary>One of positive, negative, zero.</summary>
    private sealed class Section(Item[] items)
    {
        /// <summary>Where the decimals start, for a culture with decimal point and for one with decimal comma; the end where there are none.</summary>
        private readonly int[] _radixes = [FindRadix(items, decimalComma: false), FindRadix(items, decimalComma: true)];

        private readonly bool _hasSign = items.Any(item => item.Kind is ItemKind.Minus or ItemKind.Plus);

        public decimal Round(decimal number, bool decimalComma)
            => Math.Round(number, Math.Min(28, Positions(RadixAt(decimalComma), items.Length)), MidpointRounding.AwayFromZero);

        public string Print(decimal number, bool printsSign, CultureInfo culture, bool decimalComma, IReadOnlyDictionary<string, int> sequences)
        {
            var radix = RadixAt(decimalComma);
            var rounded = Round(number, decimalComma);
            var magnitude = Math.Abs(rounded);
            var whole = decimal.Truncate(magnitude).ToString(CultureInfo.InvariantCulture);
            var decimals = DecimalsOf(magnitude);
            var printer = new Printer(items, radix, whole, decimals, culture)
            {
                Sign = printsSign && !_hasSign ? culture.NumberFormat.NegativeSign : "",
            };
            return printer.Print(Math.Sign(rounded), sequences);
        }

        private int RadixAt(bool decimalComma) => _radixes[decimalComma ? 1 : 0];

        private int Positions(int from, int to)
        {
            var count = 0;
            for (var i = from; i < to; i++)
            {
                count += items[i].IsPosition ? 1 : 0;
            }

            return count;
        }

        private static string DecimalsOf(decimal magnitude)
        {
            var text = magnitude.ToString(CultureInfo.InvariantCulture);
            var point = text.IndexOf('.', StringComparison.Ordinal);
            return point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        }

        private static int FindRadix(Item[] items, bool decimalComma)
        {
            var points = Array.FindAll(items, item => item.Kind == ItemKind.Point).Length;
            var commas = Array.FindAll(items, item => item.Kind == ItemKind.Comma).Length;
            if (points + commas == 0)
            {
                return items.Length;
            }

            var last = Array.FindLastIndex(items, item => item.IsSeparator);

            // Both: the later one starts the decimals, whatever the culture.
            if (points > 0 && commas > 0)
            {
                return Array.FindAll(items, item => item.Kind == items[last].Kind).Length == 1 || items[last].Kind == ItemKind.Point ? last : items.Length;
            }

            if (!decimalComma)
            {
                return points > 0 ? Array.FindIndex(items, item => item.Kind == ItemKind.Point) : items.Length;
            }

            // A decimal-comma culture: `#.##0` and `#,##0` can only mean groups; `0,00` and `0.00` decimals.
            return points + commas > 1 || LooksGrouped(items, last) ? items.Length : last;
        }

        private static bool LooksGrouped(Item[] items, int at)
        {
            var positionsBefore = items[..at].Any(item => item.IsPosition);
            var after = items[(at + 1)..].Where(item => item.IsPosition).ToArray();
            return positionsBefore && after.Length == 3 && after[0].Kind == ItemKind.Hash;
        }
    }

    /// <summary>Walks the items of a section once, left to right.</summary>
    private sealed class Printer(Item[] items, int radix, string whole, string decimals, CultureInfo culture)
    {
        private readonly StringBuilder _text = new();
        private int _slot;
        private bool _printedDigit;

        public required string Sign { get; init; }

        public string Print(int sign, IReadOnlyDictionary<string, int> sequences)
        {
            var slots = Count(0, radix);
            var firstKept = Math.Max(0, LastDropBefore());
            var isGrouped = Enumerable.Range(0, items.Length).Any(i => items[i].IsSeparator && i != radix);
            for (var i = 0; i < items.Length; i++)
            {
                var item = items[i];
                if (i == radix)
                {
                    PutSign();
                    _text.Append(culture.NumberFormat.NumberDecimalSeparator);
                    _slot = 0;
                    continue;
                }

                switch (item.Kind)
                {
                    case ItemKind.Literal:
                        _text.Append(item.Text);
                        break;
                    case ItemKind.Sequence:
                        _text.Append(sequences.TryGetValue(item.Text.Trim(), out var count) ? count : 0);
                        break;
                    case ItemKind.Minus:
                        _text.Append(sign < 0 ? culture.NumberFormat.NegativeSign : " ");
                        break;
                    case ItemKind.Plus:
                        _text.Append(sign < 0 ? culture.NumberFormat.NegativeSign : sign > 0 ? culture.NumberFormat.PositiveSign : " ");
                        break;
                    case ItemKind.Point or ItemKind.Comma:
                        break;
                    default:
                        if (i < radix)
                        {
                            PrintWhole(item.Kind, slots, firstKept, isGrouped);
                        }
                        else
                        {
                            PrintDecimal(i);
                        }

                        _slot++;
                        break;
                }
            }

            return _text.ToString();
        }

        private int Count(int from, int to) => items[from..to].Count(item => item.IsPosition);

        /// <summary>The integer slot of the last x: digits to its left are dropped.</summary>
        private int LastDropBefore()
        {
            var slot = -1;
            var result = -1;
            for (var i = 0; i < radix; i++)
            {
                slot += items[i].IsPosition ? 1 : 0;
                result = items[i].Kind == ItemKind.Drop ? slot : result;
            }

            return result;
        }

        private void PrintWhole(ItemKind kind, int slots, int firstKept, bool isGrouped)
        {
            if (_slot < firstKept)
            {
                return;
            }

            // How many digits stand from this slot to the end.
            var left = slots - _slot;
            if (whole.Length < left)
            {
                if (kind == ItemKind.Zero || _printedDigit)
                {
                    PutDigit('0', left, isGrouped);
                }
                else if (kind == ItemKind.Hash)
                {
                    _text.Append(' ');
                }

                return;
            }

            // The first slot takes all digits that have no slot of their own, unless x dropped them.
            var hasDrop = items.Take(radix).Any(item => item.Kind == ItemKind.Drop);
            var from = _slot == 0 && !hasDrop ? 0 : whole.Length - left;
            for (var at = from; at <= whole.Length - left; at++)
            {
                PutDigit(whole[at], whole.Length - at, isGrouped);
            }
        }

        private void PutDigit(char digit, int digitsLeft, bool isGrouped)
        {
            PutSign();
            _text.Append(digit);
            _printedDigit = true;
            if (isGrouped && digitsLeft > 1 && (digitsLeft - 1) % 3 == 0)
            {
                _text.Append(culture.NumberFormat.NumberGroupSeparator);
            }
        }

        /// <summary>A negative number without a sign item or section of its own has its sign before its first digit.</summary>
        private void PutSign()
        {
            if (!_printedDigit)
            {
                _text.Append(Sign);
                _printedDigit = true;
            }
        }

        private void PrintDecimal(int index)
        {
            if (_slot < decimals.Length)
            {
                _text.Append(decimals[_slot]);
            }
            else if (items[index..].Any(item => item.Kind == ItemKind.Zero))
            {
                _text.Append('0');
            }
            else if (items[index].Kind == ItemKind.Hash)
            {
                _text.Append(' ');
            }
        }
    }
}

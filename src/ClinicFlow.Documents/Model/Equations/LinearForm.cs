using System.Collections.Immutable;
using System.Text;

namespace ClinicFlow.Documents.Model.Equations;

/// <summary>
/// An equation in one line of plain text, as people type it: <c>(a+b)/2</c>, <c>x^2</c>, <c>sqrt(x)</c>. For those who cannot see it, and for outlines.
/// </summary>
internal sealed class LinearForm
{
    private const int MostCharacters = 4_000;
    private readonly StringBuilder _text = new();

    private LinearForm()
    {
    }

    public static string Of(EquationRow row, EquationRow? number = null)
    {
        var form = new LinearForm();
        form.Write(row);
        if (number is not null)
        {
            form._text.Append(' ');
            form.Write(number);
        }

        var text = string.Join(' ', form._text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var end = Math.Min(text.Length, MostCharacters);
        return text.Length <= end ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    private void Write(EquationRow row)
    {
        foreach (var node in row.Items)
        {
            if (_text.Length > MostCharacters)
            {
                return;
            }

            Write(node);
        }
    }

    private void Write(EquationNode node)
    {
        switch (node)
        {
            case EquationText text:
                _text.Append(text.Text);
                break;
            case Fraction fraction:
                WriteGrouped(fraction.Numerator);
                _text.Append(fraction.Kind == FractionKind.NoBar ? " over " : "/");
                WriteGrouped(fraction.Denominator);
                break;
            case Scripts { IsBefore: true } scripts:
                WriteScripts(scripts.Below, scripts.Above);
                Write(scripts.Base);
                break;
            case Scripts scripts:
                WriteGrouped(scripts.Base);
                WriteScripts(scripts.Below, scripts.Above);
                break;
            case Radical { Degree: null } root:
                _text.Append("sqrt");
                WriteInBrackets(root.Content);
                break;
            case Radical root:
                _text.Append("root(");
                Write(root.Degree);
                _text.Append(", ");
                Write(root.Content);
                _text.Append(')');
                break;
            case NaryOperator nary:
                _text.Append(nary.Operator);
                WriteScripts(nary.Below, nary.Above);
                _text.Append(' ');
                Write(nary.Content);
                break;
            case Delimited delimited:
                _text.Append(delimited.Begin);
                WriteList(delimited.Parts, delimited.Separator);
                _text.Append(delimited.End);
                break;
            case FunctionApply function:
                Write(function.Name);
                _text.Append(' ');
                Write(function.Argument);
                break;
            case Limit limit:
                WriteGrouped(limit.Base);
                _text.Append(limit.IsAbove ? '^' : '_');
                WriteGrouped(limit.Bound);
                break;
            case Accent accent:
                WriteGrouped(accent.Content);
                _text.Append(accent.Sign);
                break;
            case Bar bar:
                _text.Append(bar.IsAbove ? "overline" : "underline");
                WriteInBrackets(bar.Content);
                break;
            case GroupSign group:
                Write(group.Content);
                _text.Append(group.IsSignOnBaseline ? " " + group.Sign + " " : "");
                break;
            case Matrix matrix:
                WriteCells(matrix.Rows, ", ");
                break;
            case EquationArray array:
                WriteCells(array.Rows, "");
                break;
            case EquationBoxed boxed:
                Write(boxed.Content);
                break;
            case BorderBox box:
                Write(box.Content);
                break;
            case Phantom { IsShown: true } phantom:
                Write(phantom.Content);
                break;
            case Phantom:
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{node.GetType()}");
        }
    }

    private void WriteScripts(EquationRow? below, EquationRow? above)
    {
        if (below is not null)
        {
            _text.Append('_');
            WriteGrouped(below);
        }

        if (above is not null)
        {
            _text.Append('^');
            WriteGrouped(above);
        }
    }

    private void WriteList(ImmutableArray<EquationRow> rows, string separator)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            _text.Append(i > 0 ? separator : "");
            Write(rows[i]);
        }
    }

    private void WriteCells(ImmutableArray<ImmutableArray<EquationRow>> rows, string separator)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            _text.Append(i > 0 ? "; " : "");
            WriteList(rows[i], separator);
        }
    }

    private void WriteInBrackets(EquationRow row)
    {
        _text.Append('(');
        Write(row);
        _text.Append(')');
    }

    // One letter or number needs no brackets.
    private void WriteGrouped(EquationRow row)
    {
        var isOne = row.Items is [] or [Delimited or Radical or Accent]
            || (row.Items is [EquationText text] && (text.Text.EnumerateRunes().Count() == 1 || text.Text.All(char.IsAsciiDigit) || (!text.Style.IsItalic && text.Text.EnumerateRunes().All(Rune.IsLetter))));
        if (isOne)
        {
            Write(row);
        }
        else
        {
            WriteInBrackets(row);
        }
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>Writes what stands in a slot of a program: text of values, of Word's fields and of content controls itself, and has the rest written.</summary>
internal sealed class SlotWriter(BindState state, BoundSections sections, CellFormulas cells, FreshIds ids, DrawnSlots drawn)
{
    /// <summary>Whether all fields since this was set were blank: a line of nothing else is left out.</summary>
    public bool LineIsBlank { get; set; }

    /// <summary>Writes one.</summary>
    /// <param name="program">The program.</param>
    /// <param name="index">Which of its slots.</param>
    public void Write(MergeProgram program, int index)
    {
        var mark = program.Marks[index];
        switch (mark)
        {
            case ValueMark value:
                WriteValue(value, program, index);
                break;
            case FieldMark { UsesCells: true } formula when cells.IsInTable:
                cells.Defer(formula, program, index, sections.Current);
                break;
            case FieldMark field:
                WriteField(field, program, index, sections.Current);
                break;
            case ControlMark control:
                WriteControl(control, program, index);
                break;
            case FreshMark fresh:
                ids.Write(fresh);
                break;
            case CheckboxMark checkbox:
                state.Story.Write(checkbox.Condition.Holds(sections.Current, state.Format) ? checkbox.Checked : checkbox.Unchecked);
                break;
            case DrawingMark or BarcodeFieldMark or PictureMark or RichMark:
                state.Fields.Data = sections.Current;
                drawn.Write(mark);
                break;
            default:
                throw new UnreachableException($"{mark.GetType()}");
        }
    }

    private void WriteValue(ValueMark mark, MergeProgram program, int index)
    {
        var evaluated = mark.Expression.Evaluate(sections.Current, state.Format);
        if (evaluated.MissingField is { } missing)
        {
            WriteMissing(mark, missing, program, index, null);
            return;
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, state.Format.Culture) : default;
        if ((evaluated.Expected ?? printed.Expected) is { } expected)
        {
            state.ReportMismatch(mark, mark.Expression.Source, expected, evaluated.Value);
            return;
        }

        WriteText(printed.Value.Text, program.Contexts[index]);
    }

    /// <summary>Writes what a field of Word's makes.</summary>
    /// <returns>The text.</returns>
    public string WriteField(FieldMark mark, MergeProgram program, int index, Scope scope)
    {
        state.Fields.Data = scope;
        var result = mark.Node.Evaluate(state.Fields);
        state.Report(result.Error, mark);
        if (result.MissingField is { } missing && !state.RanOut)
        {
            LineIsBlank &= state.Options.MissingData is MissingData.Blank or MissingData.Error;
            WriteMissing(mark, missing, program, index, mark.KeepXml);
            return "";
        }

        if (mark.IsSilent || result.Text.Length == 0)
        {
            return "";
        }

        if (!string.IsNullOrWhiteSpace(result.Text))
        {
            LineIsBlank = false;
        }

        WriteText(result.Text, program.Contexts[index]);
        return result.Text;
    }

    private void WriteMissing(Mark mark, string field, MergeProgram program, int index, byte[]? keepXml)
    {
        state.ReportMissing(mark, field);
        var context = program.Contexts[index];
        switch (state.Options.MissingData)
        {
            case MissingData.Keep when context == SlotContext.Text && keepXml is not null:
                state.Story.Write("</w:t></w:r>"u8);
                state.Story.Write(keepXml);
                Reopen(program.RunProperties[index]);
                break;
            case MissingData.Keep:
                WriteText(mark is FieldMark ? $"«{field}»" : mark.Raw, context);
                break;
            case MissingData.Highlight when context == SlotContext.Text:
                state.Story.Write("</w:t></w:r><w:r><w:rPr><w:highlight w:val=\"yellow\"/></w:rPr><w:t xml:space=\"preserve\">["u8);
                XmlText.WriteEscaped(field, state.Story);
                state.Story.Write("]</w:t></w:r>"u8);
                Reopen(program.RunProperties[index]);
                break;
        }

        void Reopen(byte[] properties)
        {
            state.Story.Write("<w:r>"u8);
            state.Story.Write(properties);
            state.Story.Write("<w:t xml:space=\"preserve\">"u8);
        }
    }

    private void WriteControl(ControlMark mark, MergeProgram program, int index)
    {
        var context = program.Contexts[index];
        var path = mark.Expression.Path!;
        if (!sections.Current.TryResolve(path, out var value) || value.Kind is MergeValueKind.List or MergeValueKind.Group)
        {
            WriteText(mark.Original, context);
            return;
        }

        switch (mark.Kind)
        {
            case ControlValue.Checked:
                WriteText(IsTicked(value) ? "1" : "0", context);
                break;
            case ControlValue.CheckGlyph:
                WriteText(IsTicked(value) ? mark.Glyphs.Checked : mark.Glyphs.Unchecked, context);
                break;
            case ControlValue.Date when mark.Picture is { } picture && ValueReader.TryDate(value, state.Options.Culture, out var date):
                WriteText(picture.Format(date, state.Fields.CultureOf(mark.Language), state.Fields.Sequences), context);
                break;
            case ControlValue.EntryIndex:
            case ControlValue.EntryShown:
                WriteEntry(mark, value, context);
                break;
            default:
                WriteText(ValueText.Print(value, state.Format.Culture).Value.Text, context);
                break;
        }
    }

    private static bool IsTicked(MergeValue value) => ValueReader.TryTruth(value, out var truth) ? truth : value.IsTrue;

    private void WriteEntry(ControlMark mark, MergeValue value, SlotContext context)
    {
        var text = ValueText.Print(value, state.Format.Culture).Value.Text;
        for (var i = 0; i < mark.Entries.Count; i++)
        {
            if (string.Equals(mark.Entries[i].Value, text, StringComparison.OrdinalIgnoreCase) || string.Equals(mark.Entries[i].Shown, text, StringComparison.OrdinalIgnoreCase))
            {
                WriteText(mark.Kind == ControlValue.EntryIndex ? i.ToString(CultureInfo.InvariantCulture) : mark.Entries[i].Shown, context);
                return;
            }
        }

        if (mark.Kind == ControlValue.EntryShown)
        {
            WriteText(text, context);
            return;
        }

        WriteText(mark.Original, context);
        if (text.Length > 0)
        {
            state.Report(new Problem(ProblemCode.ValueKindMismatch, $"The value of {mark.Raw} is no entry of the drop-down list.")
            {
                Advice = "Add the entry to the list in the template, or mend the value.",
                Field = mark.Raw,
                ValueKind = value.KindName,
            }, mark);
        }
    }

    private void WriteText(string text, SlotContext context)
    {
        switch (context)
        {
            case SlotContext.Text:
                XmlText.WriteRunText(text, state.Story);
                break;
            case SlotContext.Instruction:
                XmlText.WriteEscaped(text.AsSpan().IndexOfAny('"', '\\') < 0 ? text
                    : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), state.Story);
                break;
            default:
                XmlText.WriteEscaped(text, state.Story);
                break;
        }
    }
}

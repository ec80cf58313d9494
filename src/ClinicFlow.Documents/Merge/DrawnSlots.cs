using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>Works out what is drawn in a slot, pictures, symbols and rich content, and has it written.</summary>
internal sealed class DrawnSlots(BindState state, BoundSections sections, DrawingWriter drawings)
{
    /// <summary>Writes one. <see cref="FieldScope.Data"/> is set.</summary>
    public void Write(Mark mark)
    {
        switch (mark)
        {
            case DrawingMark { Field: { } field }:
                var named = field.Source!.Evaluate(state.Fields);
                WriteImage(mark, named.Text, named.MissingField, ((DrawingMark)mark).MaxWidthEmu, default);
                break;
            case DrawingMark drawing:
                WriteDrawing(drawing);
                break;
            case BarcodeFieldMark barcode:
                var text = barcode.Field.Evaluate(state.Fields);
                state.Report(text.Error, mark);
                if (text.MissingField is { } missing)
                {
                    state.ReportMissing(mark, missing);
                }
                else if (text.Error is null && text.Text.Length > 0)
                {
                    state.Report(drawings.WriteSymbol(barcode.Field.Kind, text.Text, barcode.Field.Size, barcode.Field.ShowsText, 0, barcode.Raw), mark);
                }

                break;
            case PictureMark picture:
                WritePicture(picture);
                break;
            case RichMark rich:
                WriteRich(rich);
                break;
        }
    }

    private void WriteDrawing(DrawingMark mark)
    {
        var expression = mark.Expression!;
        var text = TextOf(mark, expression);
        if (text.Length == 0)
        {
            return;
        }

        switch (mark.Tag)
        {
            case Tag.Image image:
                WriteImage(mark, text, null, mark.MaxWidthEmu, image.Size);
                break;
            case Tag.Qr qr:
                state.Report(drawings.WriteSymbol(BarcodeKind.Qr, text, qr.Size, showsText: false, mark.MaxWidthEmu, expression.Source), mark);
                break;
            case Tag.Barcode barcode:
                state.Report(drawings.WriteSymbol(barcode.Kind, text, barcode.Size, showsText: true, mark.MaxWidthEmu, expression.Source), mark);
                break;
        }
    }

    private void WriteImage(Mark mark, string text, string? missing, long maxWidthEmu, DrawingSize size)
    {
        if (missing is not null)
        {
            state.ReportMissing(mark, missing);
        }
        else if (!string.IsNullOrWhiteSpace(text))
        {
            state.Report(drawings.WriteImage(text, size, maxWidthEmu, NameOf(mark)), mark);
        }
    }

    private void WritePicture(PictureMark mark)
    {
        var evaluated = mark.Expression.Evaluate(sections.Current, state.Format);
        if (evaluated.MissingField is { } missing && !mark.IsOptional)
        {
            state.ReportMissing(mark, missing);
        }

        var value = evaluated.Value;
        if (evaluated.MissingField is not null || value.IsEmpty)
        {
            XmlText.WriteEscaped(mark.OriginalId, state.Story);
            return;
        }

        if (value.Kind != MergeValueKind.Text)
        {
            state.ReportMismatch(mark, mark.Expression.Source, "an image", value);
            return;
        }

        state.Report(drawings.WriteImageId(value.Text, NameOf(mark)), mark);
    }

    private static string NameOf(Mark mark) => mark switch
    {
        DrawingMark { Expression: { } expression } => expression.Source,
        PictureMark picture => picture.Expression.Source,
        _ => mark.Raw,
    };

    private void WriteRich(RichMark mark)
    {
        if (TextOf(mark, mark.Expression) is { Length: > 0 } text)
        {
            drawings.WriteRich(mark, text);
        }
    }

    /// <summary>What a tag gives, as text; empty where it gives none, which is said where it is wrong.</summary>
    private string TextOf(Mark mark, Expression expression)
    {
        var evaluated = expression.Evaluate(sections.Current, state.Format);
        if (evaluated.MissingField is { } missing)
        {
            state.ReportMissing(mark, missing);
            return "";
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, state.Format.Culture) : default;
        if ((evaluated.Expected ?? printed.Expected) is { } expected)
        {
            state.ReportMismatch(mark, expression.Source, expected, evaluated.Value);
            return "";
        }

        return printed.Value.Kind == MergeValueKind.Text ? printed.Value.Text : "";
    }
}

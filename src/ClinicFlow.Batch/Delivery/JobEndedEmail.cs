using System.Globalization;
using System.Net;
using MimeKit;
using MimeKit.Text;

namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// Writes the e-mail that tells the end of a job: counts, duration and a link; nothing of a patient, and the job's name
/// only where the settings allow it. The same message always gets the same Message-ID.
/// </summary>
internal static class JobEndedEmail
{
    private const int MaxNameLength = 120;
    private const string Font = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
    private const string Footer = "You get this message because a notification was asked for when the job was created.";

    /// <summary>Writes it.</summary>
    /// <param name="message">What is told.</param>
    /// <param name="end">How the job ended: <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="to">To whom.</param>
    /// <param name="from">From whom.</param>
    /// <param name="settings">Link and name.</param>
    /// <param name="now">The date of the message.</param>
    public static MimeMessage Write(OutboxMessage message, string end, MailboxAddress to, MailboxAddress from, NotificationSettings settings, DateTimeOffset now)
    {
        var facts = Facts.Of(message.Event, end, settings);
        var email = new MimeMessage
        {
            MessageId = $"{message.Id:D}@{AsciiDomain(from)}",
            Date = now,
            Subject = facts.Name is null ? $"{facts.Headline}: {facts.Count}" : $"{facts.Headline}: {facts.Name}, {facts.Count}",
        };
        email.From.Add(from);
        email.To.Add(to);

        // RFC 3834: no holiday replies to a machine.
        email.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        email.Body = new MultipartAlternative
        {
            new TextPart(TextFormat.Plain) { Text = WritePlain(facts) },
            new TextPart(TextFormat.Html) { Text = WriteHtml(facts) },
        };
        email.Prepare(EncodingConstraint.SevenBit);
        return email;
    }

    private static string WritePlain(Facts facts)
    {
        var lines = new List<string> { facts.Headline, "" };
        if (facts.Name is not null)
        {
            lines.Add(facts.Name);
            lines.Add("");
        }

        lines.AddRange(facts.Rows.Select(row => $"{row.Label + ":",-12}{row.Value}"));
        if (facts.Link is not null)
        {
            lines.Add("");
            lines.Add("Open the job:");
            lines.Add(facts.Link);
        }

        lines.Add("");
        lines.Add(Footer);
        return string.Join("\r\n", lines) + "\r\n";
    }

    // Tables and inline styles are what all mail programs understand. Text and its background are always set together, so
    // that a program that darkens pages by itself turns both.
    private static string WriteHtml(Facts facts)
    {
        var name = facts.Name is null ? "" : $"""<p class="t" style="margin:4px 0 0;{Font};font-size:15px;line-height:22px;color:#475467">{Escape(facts.Name)}</p>""";
        var rows = string.Concat(facts.Rows.Select(row => $"""
            <tr><td class="s" style="padding:7px 20px 7px 0;{Font};font-size:14px;color:#5b6675;white-space:nowrap">{Escape(row.Label)}</td><td class="t" style="padding:7px 0;{Font};font-size:14px;font-weight:600;color:#1d2733">{Escape(row.Value)}</td></tr>

            """));
        var button = facts.Link is null ? "" : $"""
            <tr><td style="padding:4px 28px 28px"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="#0f62ad" style="border-radius:6px;background:#0f62ad"><a href="{Escape(facts.Link)}" style="display:inline-block;padding:11px 22px;{Font};font-size:15px;font-weight:600;color:#ffffff;text-decoration:none">Open the job</a></td></tr></table></td></tr>

            """;
        return $$$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>{{{Escape(facts.Headline)}}}</title>
            <style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){.p{background:#12161c!important}.c{background:#1c222b!important;border-color:#323b47!important}.t{color:#eef2f6!important}.s{color:#aab4c0!important}}</style></head>
            <body class="p" style="margin:0;padding:0;background:#f2f4f7">
            <table role="presentation" class="p" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f2f4f7" style="background:#f2f4f7"><tr><td align="center" style="padding:28px 12px">
            <table role="presentation" class="c" width="520" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="width:100%;max-width:520px;background:#ffffff;border:1px solid #dde3ea;border-radius:10px">
            <tr><td height="5" bgcolor="{{{facts.Colour}}}" style="height:5px;font-size:0;line-height:0;background:{{{facts.Colour}}};border-radius:10px 10px 0 0">&nbsp;</td></tr>
            <tr><td style="padding:24px 28px 8px"><h1 class="t" style="margin:0;{{{Font}}};font-size:21px;line-height:28px;font-weight:650;color:#1d2733">{{{Escape(facts.Headline)}}}</h1>{{{name}}}</td></tr>
            <tr><td style="padding:4px 28px 16px"><table role="presentation" cellpadding="0" cellspacing="0" border="0">
            {{{rows}}}</table></td></tr>
            {{{button}}}</table>
            <p class="s" style="margin:16px auto 0;max-width:520px;{{{Font}}};font-size:12px;line-height:18px;color:#5b6675">{{{Escape(Footer)}}}</p>
            </td></tr></table></body></html>

            """.ReplaceLineEndings("\r\n");
    }

    // RFC 5322 §3.6.4: an id is ASCII.
    private static string AsciiDomain(MailboxAddress from) => MailboxAddress.IdnMapping.Encode(from.Domain);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>What is told, in words; not yet escaped.</summary>
    private sealed record Facts(string Headline, string Count, string Colour, string? Name, string? Link, IReadOnlyList<(string Label, string Value)> Rows)
    {
        public static Facts Of(JobEnded job, string end, NotificationSettings settings)
        {
            var headline = end switch
            {
                "completed" when job.Failed > 0 => "Batch job completed with failures",
                "completed" => "Batch job completed",
                "failed" => "Batch job failed",
                _ => "Batch job cancelled",
            };
            var colour = end switch
            {
                "completed" when job.Failed > 0 => "#b54708",
                "completed" => "#1e7f4f",
                "failed" => "#b42318",
                _ => "#667085",
            };
            var count = string.Create(CultureInfo.InvariantCulture, $"{job.Succeeded:N0} of {job.Total:N0} {(job.Total == 1 ? "document" : "documents")}");

            var rows = new List<(string, string)> { ("Documents", count) };
            if (job.Failed > 0)
            {
                rows.Add(("Failed", job.Failed.ToString("N0", CultureInfo.InvariantCulture)));
            }

            var left = job.Total - job.Succeeded - job.Failed;
            if (left > 0)
            {
                rows.Add(("Not made", left.ToString("N0", CultureInfo.InvariantCulture)));
            }

            if (job.StartedAt is { } started && job.CompletedAt > started)
            {
                rows.Add(("Duration", Duration(job.CompletedAt - started)));
            }

            rows.Add(("Ended", job.CompletedAt.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)));

            var name = settings.IncludeJobName ? Text.OnOneLine(job.JobName, MaxNameLength) : "";
            var link = settings.LinkTemplate?.Replace("{id}", job.JobId.ToString("D"), StringComparison.Ordinal);
            return new Facts(headline, count, colour, name.Length > 0 ? name : null, link, rows);
        }

        private static string Duration(TimeSpan duration) => duration switch
        {
            { TotalSeconds: < 1 } => "less than 1 s",
            { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Seconds} s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes} min {duration.Seconds} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalHours:N0} h {duration.Minutes} min"),
        };
    }
}

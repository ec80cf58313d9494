using System.Diagnostics;
using System.Globalization;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Server.Operations;

/// <summary>How something is.</summary>
public enum DoctorState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The server works, but something could be better.</summary>
    Warning,

    /// <summary>The server does not work so.</summary>
    Failed,
}

/// <summary>Something that was looked at.</summary>
/// <param name="Name">What: <c>database</c>, <c>fonts</c> …</param>
/// <param name="State">How it is.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do; empty where nothing is to be done.</param>
public sealed record DoctorFinding(string Name, DoctorState State, string Message, string Advice = "");

/// <summary>Looks at all that a server on this machine needs, and changes nothing.</summary>
public static class Doctor
{
    /// <summary>The fonts that Word's documents are mostly written in, and those of the same widths that stand in for them.</summary>
    private static readonly (string Font, string[] SameWidths, string Package)[] UsualFonts =
    [
        ("Calibri", ["Carlito"], "fonts-crosextra-carlito"),
        ("Cambria", ["Caladea"], "fonts-crosextra-caladea"),
        ("Arial", ["Liberation Sans", "Arimo"], "fonts-liberation"),
        ("Times New Roman", ["Liberation Serif", "Tinos"], "fonts-liberation"),
        ("Courier New", ["Liberation Mono", "Cousine"], "fonts-liberation"),
    ];

    /// <summary>Looks.</summary>
    /// <param name="configuration">The configuration that the server would start with.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<IReadOnlyList<DoctorFinding>> RunAsync(IConfiguration configuration, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var findings = new List<DoctorFinding>();
        BatchProcessingConfig config;
        ServerSettings settings;
        try
        {
            config = configuration.GetSection(BatchProcessingConfig.Section).Get<BatchProcessingConfig>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new BatchProcessingConfig();
            settings = configuration.GetSection(ServerSettings.Section).Get<ServerSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ServerSettings();
        }
        catch (InvalidOperationException e)
        {
            return [new DoctorFinding("settings", DoctorState.Failed, e.Message, "Correct the configuration.")];
        }

        string[] problems = [.. config.Validate().Select(problem => problem.ToString()), .. settings.Validate()];
        findings.Add(problems.Length == 0
            ? new DoctorFinding("settings", DoctorState.Ok, "All settings are valid.")
            : new DoctorFinding("settings", DoctorState.Failed, string.Join(" ", problems), "Correct the configuration."));
        if (problems.Length > 0)
        {
            return findings;
        }

        findings.Add(Disk(config));
        findings.AddRange(await DatabaseAsync(config, cancellation));
        findings.Add(await PdfAsync(settings, cancellation));
        findings.AddRange(await FontsAsync(cancellation));
        findings.Add(Equations());
        findings.Add(await MailAsync(config, cancellation));
        return findings;
    }

    private static DoctorFinding Disk(BatchProcessingConfig config)
    {
        var folder = Path.GetFullPath(config.DataFolder);
        try
        {
            // The nearest folder that is there: the first start makes the rest.
            var existing = folder;
            while (!Directory.Exists(existing))
            {
                if (File.Exists(existing))
                {
                    return new DoctorFinding("disk", DoctorState.Failed, "The data folder cannot be made: a file is in its place, or in that of a folder above it.", "Set BatchProcessing:DataFolder to a folder, or move the file away.");
                }

                existing = Path.GetDirectoryName(existing)!;
            }

            var probe = Path.Combine(existing, $".clinicflow-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            var free = new DriveInfo(existing).AvailableFreeSpace;
            var message = string.Create(CultureInfo.InvariantCulture, $"The data folder can be written, and has {free / (1L << 30)} GiB of room.");
            return free < 1L << 30 ? new DoctorFinding("disk", DoctorState.Warning, message, "Free some room: jobs wait where there is none.") : new DoctorFinding("disk", DoctorState.Ok, message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DoctorFinding("disk", DoctorState.Failed, $"The data folder cannot be written ({e.GetType().Name}).", "Let the server's account write there, or set BatchProcessing:DataFolder.");
        }
    }

    private static async Task<DoctorFinding[]> DatabaseAsync(BatchProcessingConfig config, CancellationToken cancellation)
    {
        try
        {
            var found = await BatchEngine.CheckDatabaseAsync(config, cancellation).WaitAsync(TimeSpan.FromSeconds(30), cancellation);
            var difference = found.ClockDifference.Duration();
            return
            [
                new DoctorFinding("database", DoctorState.Ok, found switch
                {
                    { IsNew: true } => $"{found.Kind}; the first start makes its tables.",
                    { PendingMigrations: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{found.Kind} answers; the next start brings its tables up to date."),
                    _ => $"{found.Kind} answers; its tables are up to date.",
                }),
                difference > TimeSpan.FromSeconds(5)
                    ? new DoctorFinding("clock", DoctorState.Warning, string.Create(CultureInfo.InvariantCulture, $"The clocks of this machine and of the database differ by {difference.TotalSeconds:0} seconds."), "Let both follow a time server (chrony, systemd-timesyncd).")
                    : TimeProvider.System.GetUtcNow().Year < 2026
                        ? new DoctorFinding("clock", DoctorState.Failed, "The clock of this machine is wrong.", "Let it follow a time server (chrony, systemd-timesyncd).")
                        : new DoctorFinding("clock", DoctorState.Ok, "The clock agrees with that of the database."),
            ];
        }
        catch (Exception e) when (e is StorageException or TimeoutException)
        {
            return [new DoctorFinding("database", DoctorState.Failed, e is StorageException ? e.Message : "The database does not answer.", "Check BatchProcessing:ConnectionString, and that the database runs.")];
        }
    }

    private static async Task<DoctorFinding> PdfAsync(ServerSettings settings, CancellationToken cancellation)
    {
        if (LibreOfficeConverter.FindExecutable(settings.PdfExecutable is { Length: > 0 } path ? path : null) is not { } program)
        {
            return new DoctorFinding("libreoffice", DoctorState.Warning, "LibreOffice was not found: PDFs are made of documents that our own engine renders as Word does, and of no others.", "Install it (Debian: libreoffice-writer), or set Server:PdfExecutable.");
        }

        return await RunAsync(program, ["--version"], cancellation) is { } version
            ? LacksEquations(program)
                ? new DoctorFinding("libreoffice", DoctorState.Warning, $"{version.Split('\n')[0].Trim()}, without its part for equations: it leaves them out of its PDFs.", "Install it (Debian: libreoffice-math).")
                : new DoctorFinding("libreoffice", DoctorState.Ok, version.Split('\n')[0].Trim())
            : new DoctorFinding("libreoffice", DoctorState.Failed, "LibreOffice is there but does not start.", "Run it by hand with --version and look at what it says.");
    }

    // On Linux its parts are libraries beside the program: Writer is there and Math is not.
    private static bool LacksEquations(string program)
    {
        try
        {
            var folder = Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
            return folder is not null && File.Exists(Path.Combine(folder, "libswlo.so")) && !File.Exists(Path.Combine(folder, "libsmlo.so"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static DoctorFinding Equations() => FontLibrary.OfSystem.HasMathFont
        ? new DoctorFinding("equations", DoctorState.Ok, "A font for equations is there.")
        : new DoctorFinding("equations", DoctorState.Warning, "No font for equations is installed: documents with equations are left to LibreOffice.", "Install one (Debian: fonts-stix).");

    private static async Task<DoctorFinding[]> FontsAsync(CancellationToken cancellation)
    {
        var findings = new List<DoctorFinding>();
        foreach (var (font, sameWidths, package) in UsualFonts)
        {
            if (await RunAsync("fc-match", ["--format=%{family}", font], cancellation) is not { } match)
            {
                return [new DoctorFinding("fonts", DoctorState.Warning, "Which fonts there are cannot be found out: fc-match is missing.", "Install fontconfig.")];
            }

            var family = match.Split(',')[0].Trim() is { Length: > 0 } named ? named : "nothing";
            findings.Add(family == font ? new DoctorFinding("fonts", DoctorState.Ok, $"{font} is there.")
                : sameWidths.Contains(family) ? new DoctorFinding("fonts", DoctorState.Ok, $"{font} is replaced by {family}, which has the same widths: lines and pages break alike.")
                : new DoctorFinding("fonts", DoctorState.Warning, $"{font} is replaced by {family}: lines and pages of such documents break elsewhere.", $"Install {font}, or a font of the same widths (Debian: {package})."));
        }

        return [.. findings];
    }

    private static async Task<DoctorFinding> MailAsync(BatchProcessingConfig config, CancellationToken cancellation)
    {
        if (!config.Notifications.CanSendEmail)
        {
            return new DoctorFinding("smtp", DoctorState.Ok, "No mail server is set up; nobody is told by e-mail when a job ends.");
        }

        return await new SmtpEmailSender(config.Notifications, TimeProvider.System).CheckAsync(cancellation) switch
        {
            DeliveryOutcome.Sent => new DoctorFinding("smtp", DoctorState.Ok, "The mail server answers and takes the login."),
            DeliveryOutcome.Hindered hindered => new DoctorFinding("smtp", DoctorState.Failed, hindered.Message, "Correct BatchProcessing:Notifications:Smtp."),
            DeliveryOutcome.Refused refused => new DoctorFinding("smtp", DoctorState.Failed, refused.Message, "Correct BatchProcessing:Notifications:Smtp."),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>What a program prints; null where it is not there, fails, or takes too long.</summary>
    private static async Task<string?> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null)
            {
                return null;
            }

            try
            {
                var text = await process.StandardOutput.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0 ? text : null;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}

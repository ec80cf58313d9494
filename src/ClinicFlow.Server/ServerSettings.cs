namespace ClinicFlow.Server;

/// <summary>How the server meets the world: the section <c>Server</c> of the configuration.</summary>
public sealed record ServerSettings
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Server";

    /// <summary>How large a job sent as JSON may be, in bytes. Default 64 MiB.</summary>
    public long MaxJobBytes { get; init; } = 64L << 20;

    /// <summary>How large an imported file may be, in bytes. Default 1 GiB.</summary>
    public long MaxImportBytes { get; init; } = 1L << 30;

    /// <summary>How large a template may be, in bytes; 64 MiB at most, the default.</summary>
    public long MaxTemplateBytes { get; init; } = 64L << 20;

    /// <summary>How many requests a minute a user may make. Default 1,200.</summary>
    public int RequestsPerMinute { get; init; } = 1_200;

    /// <summary>How many sign-ins a minute an address may try. Default 20.</summary>
    public int SignInsPerMinute { get; init; } = 20;

    /// <summary>After how long somebody who does nothing is signed out: 10 seconds to 30 days. Default 8 hours.</summary>
    public TimeSpan SignInLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>What makes PDFs: <c>auto</c>, the default, for our own engine where it renders a document as Word does, else LibreOffice; or <c>libreoffice</c> for all.</summary>
    public string PdfEngine { get; init; } = "auto";

    /// <summary>How many processes of LibreOffice make PDFs; 0, the default, for one a processor and 8 at most.</summary>
    public int PdfProcesses { get; init; }

    /// <summary>Where LibreOffice's <c>soffice</c> is; found where empty.</summary>
    public string? PdfExecutable { get; init; }

    /// <summary>The addresses of proxies in front, whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; none by default.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Other sites whose pages may call the API from the browser, such as <c>https://intranet.clinic.example</c>: with an API key, never with the cookie of a sign-in. None by default.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Whether the cookie of a sign-in is also sent without TLS. Needed on loopback without TLS, the default; set it to false behind a proxy with TLS.</summary>
    public bool AllowPlainHttp { get; init; } = true;

    /// <summary>The password of the first administrator; a one-time password is made and printed where empty.</summary>
    public string? FirstAdministratorPassword { get; init; }

    /// <summary>How sign-in by tokens of a provider works.</summary>
    public OidcSettings Oidc { get; init; } = new();

    /// <summary>Where traces and metrics go by OTLP, such as <c>http://127.0.0.1:4317</c>; nowhere where empty.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Whether <c>/metrics</c> answers without a sign-in. Default false: an operator's API key is needed.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>All that is wrong, by setting.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        void Require(bool isMet, string name, string message)
        {
            if (!isMet)
            {
                problems.Add($"{Section}:{name} {message}");
            }
        }

        Require(MaxJobBytes is >= 1_024 and <= 1L << 30, nameof(MaxJobBytes), "must be 1,024 bytes to 1 GiB.");
        Require(MaxImportBytes is >= 1_024 and <= 64L << 30, nameof(MaxImportBytes), "must be 1,024 bytes to 64 GiB.");
        Require(MaxTemplateBytes is >= 1_024 and <= 64L << 20, nameof(MaxTemplateBytes), "must be 1,024 bytes to 64 MiB.");
        Require(RequestsPerMinute is >= 10 and <= 1_000_000, nameof(RequestsPerMinute), "must be 10 to 1,000,000.");
        Require(SignInsPerMinute is >= 1 and <= 10_000, nameof(SignInsPerMinute), "must be 1 to 10,000.");
        Require(SignInLifetime >= TimeSpan.FromSeconds(10) && SignInLifetime <= TimeSpan.FromDays(30), nameof(SignInLifetime), "must be 10 seconds (00:00:10) to 30 days (30.00:00:00).");
        Require(PdfEngine.ToLowerInvariant() is "auto" or "libreoffice", nameof(PdfEngine), "must be auto or libreoffice.");
        Require(PdfProcesses is >= 0 and <= 16, nameof(PdfProcesses), "must be 0 to 16.");
        Require(TrustedProxies.All(proxy => System.Net.IPAddress.TryParse(proxy, out _)), nameof(TrustedProxies), "must be IP addresses.");
        Require(AllowedOrigins.All(IsOrigin), nameof(AllowedOrigins), "must be origins such as https://intranet.clinic.example: scheme, host and port only, and no *.");
        Require(Oidc.Issuer is null or "" || Uri.TryCreate(Oidc.Issuer, UriKind.Absolute, out _), "Oidc:Issuer", "must be the address of the provider.");
        Require(!Uri.TryCreate(Oidc.Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme == Uri.UriSchemeHttps || issuer is { IsLoopback: true } && issuer.Scheme == Uri.UriSchemeHttp, "Oidc:Issuer", "must begin with https: the keys that tokens are checked with come from there.");
        Require(Oidc.Issuer is null or "" || !string.IsNullOrEmpty(Oidc.Audience), "Oidc:Audience", "is needed where there is an issuer.");
        Require(OtlpEndpoint is null or "" || Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out _), nameof(OtlpEndpoint), "must be an address.");
        return problems;
    }

    private static bool IsOrigin(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var origin) && (origin.Scheme == Uri.UriSchemeHttps || origin.Scheme == Uri.UriSchemeHttp)
            && !text.Contains('*', StringComparison.Ordinal) && text == origin.GetLeftPart(UriPartial.Authority);
}

/// <summary>Whose tokens are taken for a sign-in (OpenID Connect, RFC 9068).</summary>
public sealed record OidcSettings
{
    /// <summary>The provider's address, whose <c>.well-known/openid-configuration</c> is read; no tokens are taken where empty.</summary>
    public string? Issuer { get; init; }

    /// <summary>The audience that tokens must name.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim with the user's lasting id. Default <c>sub</c>.</summary>
    public string UserIdClaim { get; init; } = "sub";

    /// <summary>The claim with the user's name. Default <c>preferred_username</c>.</summary>
    public string UserNameClaim { get; init; } = "preferred_username";

    /// <summary>The claim with the user's roles. Default <c>roles</c>.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>The value of it that makes an operator.</summary>
    public string OperatorRole { get; init; } = "clinicflow-operator";

    /// <summary>The value of it that makes an administrator.</summary>
    public string AdministratorRole { get; init; } = "clinicflow-administrator";
}

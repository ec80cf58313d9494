using System.Net;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Jobs;
using ClinicFlow.Server.Live;
using ClinicFlow.Server.Operations;
using ClinicFlow.Server.Problems;
using ClinicFlow.Server.Queue;
using ClinicFlow.Server.Templates;
using ClinicFlow.Server.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClinicFlow.Server;

/// <summary>Puts the server together: the table of contents of what it is made of, in the order a request meets it.</summary>
public static class ServerHost
{
    /// <summary>Where the server listens where nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Runs a server until it is told to stop.</summary>
    /// <param name="args">Settings as arguments, such as <c>--urls http://127.0.0.1:5080</c>.</param>
    /// <returns>What the process ends with: 0, or 3 where the server could not start.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        WebApplication? app = null;
        try
        {
            app = Build(args);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (StartProblem.Of(e) is { } message)
        {
            await Console.Error.WriteLineAsync(message);
            return 3;
        }
        finally
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }
        }
    }

    /// <summary>Makes a server that has not started.</summary>
    /// <param name="args">Settings as arguments.</param>
    /// <param name="configure">A last word on its services and settings.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,

            // The pages' files lie beside the program, wherever it is started.
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        configure?.Invoke(builder);
        AddServices(builder);
        var app = builder.Build();
        Map(app);
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        var settings = ReadSettings(configuration);
        services.AddSingleton(settings);

        // The host: limits, and an end within ten seconds.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 << 10;

            // Who sends or reads more slowly than a modem is let go of: the framework's own limit lets a reader hold on for minutes.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 4 << 10, gracePeriod: TimeSpan.FromSeconds(10));
        });
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(9.5);
            host.ServicesStopConcurrently = true;
        });
        var keys = Directory.CreateDirectory(Path.Combine(DataFolderOf(configuration), "keys"));
        if (!OperatingSystem.IsWindows())
        {
            keys.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        services.AddDataProtection().SetApplicationName("ClinicFlow").PersistKeysToFileSystem(keys);

        // The engine.
        services.AddClinicFlowBatch(configuration);
        if (services.All(service => service.ServiceType != typeof(IPdfConverter)))
        {
            services.AddSingleton(_ => PdfEngine.Of(settings).Create());
        }

        // JSON, problems, who calls.
        services.ConfigureHttpJsonOptions(json => Wire.Configure(json.SerializerOptions).RespectRequiredConstructorParameters = true);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ExceptionProblems>();
        services.AddProblemDetails();
        services.AddHttpContextAccessor();
        services.AddScoped<Caller>();
        services.AddSingleton<RefusalLog>().AddHostedService(provider => provider.GetRequiredService<RefusalLog>());
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();

        // What has no rule of its own is closed. What is not there, or does not take such a request, says so to everybody.
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());
        services.AddCors(cors => cors.AddDefaultPolicy(policy => AllowOrigins(policy, settings)));
        services.AddSingleton<RequestLimits>();
        builder.AddAccounts(settings);
        builder.AddLive();
        builder.AddOperations(settings);
        services.AddApiDescription();
        builder.AddWeb();
    }

    private static void Map(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        app.UsePageCalls();
        if (settings.TrustedProxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
            forwarded.KnownProxies.Clear();
            foreach (var proxy in settings.TrustedProxies)
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
            }

            app.UseForwardedHeaders(forwarded);
        }

        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<RefusalAudit>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => StatusPages.IsWanted(context.HttpContext.Request)
            ? StatusPages.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode)
            : ExceptionProblems.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext));
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseMiddleware<RequestLimits>();
        app.Use(AnswerUnknown);
        app.Use(TakeUtf8Only);
        app.UseAuthorization();
        app.UseAccounts();
        app.UseWeb();

        var api = app.MapGroup("/api/v1");
        api.MapTemplates();
        api.MapJobs();
        api.MapDownloads();
        api.MapImports();
        api.MapCarbone();
        api.MapEvents();
        api.MapQueue();
        api.MapAudit();
        api.MapAccounts();
        app.MapLive();
        app.MapOperations();
        app.MapApiDescription();
        app.MapWeb();
    }

    /// <summary>What is nowhere is 404, and a wrong method 405, for all: not 401 or 403, by the rule that closes what has no rule.</summary>
    private static Task AnswerUnknown(HttpContext context, RequestDelegate next)
    {
        switch (context.GetEndpoint())
        {
            case RouteEndpoint:
                return next(context);
            case { RequestDelegate: { } refusal }:
                return refusal(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    /// <summary>JSON is UTF-8 (RFC 8259, 8.1): what says that it is written otherwise is not guessed at.</summary>
    private static Task TakeUtf8Only(HttpContext context, RequestDelegate next)
        => context.Request.HasJsonContentType() && context.Request.GetTypedHeaders().ContentType is { Charset.Length: > 0 } type && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? ExceptionProblems.OfStatus(StatusCodes.Status415UnsupportedMediaType).ExecuteAsync(context) : next(context);

    /// <summary>Where the engine keeps its files.</summary>
    internal static string DataFolderOf(IConfiguration configuration)
        => Path.GetFullPath(configuration[$"{BatchProcessingConfig.Section}:{nameof(BatchProcessingConfig.DataFolder)}"] is { Length: > 0 } folder ? folder : new BatchProcessingConfig().DataFolder);

    private static ServerSettings ReadSettings(ConfigurationManager configuration)
    {
        var settings = configuration.GetSection(ServerSettings.Section).Get<ServerSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ServerSettings();
        return settings.Validate() is { Count: > 0 } problems ? throw new ServerSettingsException(problems) : settings;
    }

    /// <summary>
    /// What pages of other sites may do: call with a key that they have. A cookie never goes with it, so that no other
    /// site acts in the name of whoever is signed in here.
    /// </summary>
    private static void AllowOrigins(CorsPolicyBuilder policy, ServerSettings settings) => policy
        .WithOrigins([.. settings.AllowedOrigins]).DisallowCredentials()
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID", "Range")
        .WithExposedHeaders("Content-Disposition", "Content-Range", "ETag", "Location", "Retry-After")
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));
}

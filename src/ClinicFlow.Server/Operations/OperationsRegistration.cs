using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClinicFlow.Server.Operations;

/// <summary>Health, telemetry and logs.</summary>
internal static class OperationsRegistration
{
    public static void AddOperations(this WebApplicationBuilder builder, ServerSettings settings)
    {
        // What the framework logs of requests holds their queries, which may hold names of patients.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);

        // The folder of the keys is the server's alone; docs/security.md says so.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.AddHealthChecks().AddCheck<EngineHealth>("engine", tags: [EngineHealth.Ready]);
        builder.Services.AddHostedService<QueueGauge>();
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("clinicflow", serviceVersion: typeof(OperationsRegistration).Assembly.GetName().Version?.ToString(3)));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter("ClinicFlow.Batch", QueueGauge.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime");
            metrics.AddView("clinicflow.render.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100] });
            metrics.AddPrometheusExporter();
            if (settings.OtlpEndpoint is { Length: > 0 } otlp)
            {
                metrics.AddOtlpExporter(exporter => exporter.Endpoint = new Uri(otlp));
            }
        });
        if (settings.OtlpEndpoint is { Length: > 0 } endpoint)
        {
            telemetry.WithTracing(traces => traces.AddSource("ClinicFlow.Batch").AddAspNetCoreInstrumentation().AddOtlpExporter(exporter => exporter.Endpoint = new Uri(endpoint)));
        }
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false }).OpenToAll().DisableRateLimiting();
        app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(EngineHealth.Ready) }).OpenToAll().DisableRateLimiting();
        var metrics = app.MapPrometheusScrapingEndpoint("/metrics");
        if (app.Services.GetRequiredService<ServerSettings>().OpenMetrics)
        {
            metrics.OpenToAll();
        }
        else
        {
            metrics.Needs(Scopes.JobsRead, Role.Operator);
        }
    }
}

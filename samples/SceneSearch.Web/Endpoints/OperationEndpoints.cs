using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using SceneSearch.Web.Observing;

namespace SceneSearch.Web.Endpoints;

/// <summary>Health and metrics, for whoever runs the server.</summary>
internal static class OperationEndpoints
{
    private const string ReadyTag = "ready";

    public static void Add(IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<ReadyCheck>(ReadyTag, tags: [ReadyTag]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        // It lives if it answers.
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        routes.MapGet("/metrics", (Metrics metrics) => Results.Text(metrics.ToString(), Metrics.ContentType));
    }
}

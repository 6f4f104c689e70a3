using Microsoft.Extensions.Hosting;

namespace Swan.MLNet.Hosting;

/// <summary>Opens a service when the host starts, if its options say so: a fault then fails the start instead of the first
/// request.</summary>
/// <param name="services">The application's.</param>
/// <param name="asked">Whether to.</param>
/// <param name="open">Resolves the service.</param>
internal sealed class WarmUpService(IServiceProvider services, Func<IServiceProvider, bool> asked, Action<IServiceProvider> open)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        asked(services) ? Task.Run(() => open(services), cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

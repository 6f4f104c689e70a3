namespace Swan.MLNet.Hosting;

/// <summary>Closes a service when its container is disposed.</summary>
/// <remarks>
/// The whole application shares the service, so its own <c>Dispose</c> does nothing. A <c>using</c> on the resolved service would otherwise
/// close it for all others, and for good.
/// </remarks>
/// <param name="service">What the container hands out.</param>
/// <param name="close">Closes it.</param>
internal sealed class ContainerOwned<T>(T service, Action<T> close) : IDisposable
    where T : class
{
    public T Service => service;

    public void Dispose() => close(service);
}

namespace Swan.ObjectStores.Requests;

/// <summary>A fault that a store's own code found; it never leaves the library.</summary>
internal sealed class FaultException(Fault fault) : Exception(fault.Found)
{
    public Fault Fault { get; } = fault;
}

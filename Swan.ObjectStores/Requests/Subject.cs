using Swan.Batch.Stores;
using Swan.ObjectStores.Addresses;

namespace Swan.ObjectStores.Requests;

/// <summary>What an error is about.</summary>
/// <param name="Name">The object and the store, without secrets.</param>
/// <param name="Doing">What can't be done with it, such as <c>read</c>.</param>
/// <param name="Secrets">What its errors may not show.</param>
internal sealed record Subject(string Name, string Doing, Secrets Secrets)
{
    /// <summary>The error after the last attempt.</summary>
    public StoreException Failed(Fault fault, int attempts, TimeSpan elapsed)
    {
        string tries = attempts == 1 ? "" : FormattableString.Invariant($", after {attempts} attempts in {elapsed.TotalSeconds:0.#} s");
        string message = $"{Name} can't be {Doing}: {fault.Found}{tries}. {fault.Meaning}";
        // What servers say of themselves may repeat what was sent.
        if (Secrets.AreIn(message)) message = $"{Name} can't be {Doing}{tries}. {(fault with { Advice = null }).Meaning}";
        return new StoreException(message, fault.Failure, Secrets.Showable(fault.Cause));
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using Swan.Batch.Stores;
using Swan.ObjectStores.Addresses;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Remote;

/// <summary>A store behind a network: what all of them have in common.</summary>
internal abstract class RemoteStore : ObjectStore
{
    private static readonly TimeSpan s_abort = TimeSpan.FromSeconds(10), s_abortAfterCancellation = TimeSpan.FromMilliseconds(500);

    private readonly StoreSettings _options;
    private readonly string _prefix;

    /// <param name="address">Without secrets.</param>
    /// <param name="prefix">What the names of all objects begin with.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="secrets">What errors may not show.</param>
    protected RemoteStore(string address, string prefix, StoreSettings options, Secrets secrets)
    {
        (Address, _prefix, _options, Secrets) = (address, prefix, options, secrets);
        Attempts = new Attempts(options, Judge);
    }

    public sealed override string Address { get; }

    protected Attempts Attempts { get; }

    protected Secrets Secrets { get; }

    /// <summary>Whether the server lists by UTF-8 bytes for certain.</summary>
    protected abstract bool ListsInOrder { get; }

    public override async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (ListsInOrder)
        {
            string last = "";
            await foreach (StoredObject stored in ListAsServedAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                if (Utf8Order.Instance.Compare(last, stored.Key) >= 0)
                {
                    throw new StoreException($"{Address} lists '{stored.Key}' after '{last}', but by their UTF-8 bytes it comes before. "
                        + "An unordered listing can't be continued. Name its server as an endpoint, so the listing is sorted here.",
                        StoreFailure.NotSupported);
                }
                last = stored.Key;
                yield return stored;
            }
            yield break;
        }
        using var sorted = new SortedObjects();
        await foreach (StoredObject stored in ListAsServedAsync(prefix, cancellationToken).ConfigureAwait(false)) sorted.Add(stored);
        foreach (StoredObject stored in sorted.InOrder())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return stored;
        }
    }

    public override async Task<StoredObject?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        string name = NameOf(key);
        using OpenedBody? opened = await Attempts.RunAsync(
            About(key, "read"), new Budget(_options.Timeout), attempt => HeadAsync(name, attempt), cancellationToken).ConfigureAwait(false);
        return opened is null ? null : new StoredObject(key, opened.Size, opened.Stamp);
    }

    public override async Task<StoredContent?> OpenAsync(string key, CancellationToken cancellationToken = default)
    {
        string name = NameOf(key);
        Subject subject = About(key, "read");
        var budget = new Budget(_options.Timeout);
        OpenedBody? opened = await Attempts.RunAsync(
            subject, budget, attempt => GetAsync(name, Wanted.All, attempt), cancellationToken).ConfigureAwait(false);
        if (opened is null) return null;
        var stored = new StoredObject(key, opened.Size, opened.Stamp);
        return new StoredContent(stored, new ResumingStream(
            stored, 0, opened.Size, opened, (wanted, attempt) => GetAsync(name, wanted, attempt), Attempts, subject, budget,
            cancellationToken));
    }

    public override Task<Stream> OpenRangeAsync(
        StoredObject stored, long offset, long length, CancellationToken cancellationToken = default)
    {
        CheckRange(stored, offset, length);
        string name = NameOf(stored.Key);
        // It is opened when it is read.
        return Task.FromResult<Stream>(new ResumingStream(
            stored, offset, offset + length, null, (wanted, attempt) => GetAsync(name, wanted, attempt), Attempts,
            About(stored.Key, "read"), new Budget(_options.Timeout), cancellationToken));
    }

    public override async Task WriteAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        await SendAsync(key, content, create: false, cancellationToken).ConfigureAwait(false);

    public override Task<bool> CreateAsync(string key, Stream content, CancellationToken cancellationToken = default) =>
        SendAsync(key, content, create: true, cancellationToken);

    public override Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        string name = NameOf(key);
        return Attempts.RunAsync(
            About(key, "deleted"), new Budget(_options.Timeout), attempt => DeleteAsync(name, attempt), cancellationToken);
    }

    /// <summary>Asks what an object is: for its first byte, which needs no other right than reading it does.</summary>
    protected virtual async Task<OpenedBody?> HeadAsync(string name, Attempt attempt)
    {
        try
        {
            return await GetAsync(name, new Wanted(0, 1, null), attempt).ConfigureAwait(false);
        }
        catch (Exception) when (attempt.Answer is { Status: HttpStatusCode.RequestedRangeNotSatisfiable })
        {
            // It is empty.
            return await GetAsync(name, Wanted.All, attempt).ConfigureAwait(false);
        }
    }

    protected abstract Task<ListedPage> PageAsync(string prefix, string? next, Attempt attempt);

    /// <summary>Asks for an object, or for a part of one.</summary>
    /// <param name="name">Its whole name.</param>
    /// <param name="wanted">Which part, and of which version.</param>
    /// <param name="attempt">The attempt.</param>
    /// <returns>Null where there is no object.</returns>
    protected abstract Task<OpenedBody?> GetAsync(string name, Wanted wanted, Attempt attempt);

    /// <summary>Writes an object by one request.</summary>
    /// <returns>Whether it was written; false only where there is one and <paramref name="create"/> holds.</returns>
    protected abstract Task<bool> PutAsync(string name, Stream body, bool create, Attempt attempt);

    /// <summary>Begins to write an object in parts.</summary>
    protected abstract PartUpload InParts(string name, bool create);

    protected abstract Task<bool> DeleteAsync(string name, Attempt attempt);

    /// <summary>What an error of the store's SDK is; null where it says nothing of its own.</summary>
    protected abstract Fault? Judge(Exception error, Attempt attempt);

    /// <summary>The most parts that an object may have.</summary>
    protected abstract int MaxParts { get; }

    /// <summary>An object's whole name.</summary>
    protected virtual string NameOf(string key)
    {
        StoreKey.Check(key, Address);
        return _prefix + key;
    }

    protected virtual Subject About(string key, string doing) => new($"'{key}' in {Address}", doing, Secrets);

    private async IAsyncEnumerable<StoredObject> ListAsServedAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var subject = new Subject(Address, "listed", Secrets);
        string? next = null;
        do
        {
            string? asked = next;
            ListedPage page = await Attempts.RunAsync(
                subject, new Budget(_options.Timeout), attempt => PageAsync(_prefix + prefix, asked, attempt), cancellation)
                .ConfigureAwait(false);
            foreach (StoredObject stored in page.Objects)
            {
                // The folder itself, which some tools make an object of.
                if (stored.Key.Length > _prefix.Length) yield return stored with { Key = stored.Key[_prefix.Length..] };
            }
            next = page.Next;
            if (next is not null && next == asked)
            {
                throw subject.Failed(
                    new Fault(StoreFailure.NotSupported, "a page leads to itself",
                        "The listing would never end. Use a newer version of the store."),
                    1, TimeSpan.Zero);
            }
        }
        while (next is not null);
    }

    private async Task<bool> SendAsync(string key, Stream content, bool create, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        string name = NameOf(key);
        Subject subject = About(key, "written");
        var budget = new Budget(_options.Timeout);
        long length = content.Length;
        if (length <= _options.PartSize)
        {
            return await Attempts.RunAsync(
                subject, budget, attempt => PutAsync(name, attempt.Send(content, 0, length), create, attempt), cancellation)
                .ConfigureAwait(false);
        }
        for (int number = 1; ; number++)
        {
            PartsEnd end = await SendPartsAsync(subject, budget, InParts(name, create), content, cancellation).ConfigureAwait(false);
            if (end != PartsEnd.Gone) return end == PartsEnd.Written;
            if (number == _options.MaxAttempts)
            {
                throw subject.Failed(
                    new Fault(StoreFailure.Unavailable, "its parts were gone at each attempt to complete it",
                        "Another process writes the same object in parts, or a rule of the store deletes parts too early."),
                    number, budget.Used);
            }
        }
    }

    private async Task<PartsEnd> SendPartsAsync(
        Subject subject, Budget budget, PartUpload upload, Stream content, CancellationToken cancellation)
    {
        long length = content.Length, size = Math.Max(_options.PartSize, (length + MaxParts - 1) / MaxParts);
        bool begun = false;
        PartsEnd? end = null;
        try
        {
            begun = await Attempts.RunAsync(subject, budget, upload.BeginAsync, cancellation).ConfigureAwait(false);
            for (long offset = 0; offset < length; offset += size)
            {
                (long from, long count) = (offset, Math.Min(size, length - offset));
                await Attempts.RunAsync(
                    subject, budget,
                    attempt => upload.PartAsync((int)(from / size), attempt.Send(content, from, count), attempt), cancellation)
                    .ConfigureAwait(false);
            }
            end = await Attempts.RunAsync(subject, budget, upload.CompleteAsync, cancellation).ConfigureAwait(false);
            return end.Value;
        }
        finally
        {
            if (begun && end is not PartsEnd.Written) await AbortAsync(upload, cancellation).ConfigureAwait(false);
        }
    }

    // Abandoned parts cost money. A failure here must not hide the first error.
    private async Task AbortAsync(PartUpload upload, CancellationToken cancellation)
    {
        Task abort = TryAbortAsync();
        await Task.WhenAny(
            abort, Task.Delay(cancellation.IsCancellationRequested ? s_abortAfterCancellation : s_abort, CancellationToken.None))
            .ConfigureAwait(false);

        async Task TryAbortAsync()
        {
            try
            {
                using var attempt = new Attempt(s_abort, s_abort, CancellationToken.None);
                await attempt.RunAsync(upload.AbortAsync).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // A rule of the bucket may delete what is left.
            }
        }
    }
}

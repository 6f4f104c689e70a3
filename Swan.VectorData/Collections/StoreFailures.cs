using Microsoft.Extensions.VectorData;
using Swan.MLNet;

namespace Swan.VectorData.Collections;

/// <summary>Errors in the contract's form, with the store, the collection and the operation.</summary>
internal sealed class StoreFailures(string store, string? collection)
{
    /// <summary>The system's name in errors and metadata.</summary>
    public const string SystemName = "swan";

    /// <summary>Whether an error comes from the store, and is not a cancellation, a programming error or a missing feature.</summary>
    public static bool Is(Exception error) => error is SwanException or IOException or UnauthorizedAccessException or InvalidDataException
        || error is ArgumentException and not ArgumentNullException;

    /// <summary>Wraps an error of the store in the contract's exception, with its cause.</summary>
    public VectorStoreException Of(string operation, Exception cause) => Of(operation, cause.Message, cause);

    /// <summary>An error of the store.</summary>
    public VectorStoreException Of(string operation, string message, Exception? cause = null) => new(
        $"{operation}{(collection is null ? "" : $" in the collection '{collection}'")} failed. {message}", cause)
    {
        VectorStoreSystemName = SystemName,
        VectorStoreName = store,
        CollectionName = collection,
        OperationName = operation,
    };
}

using Microsoft.Extensions.VectorData;
using Swan.MLNet;

namespace Swan.VectorData.Collections;

/// <summary>Errors as the contract has them, with the store, the collection and what was done.</summary>
internal sealed class StoreFailures(string store, string? collection)
{
    /// <summary>The system's name in errors and metadata.</summary>
    public const string SystemName = "swan";

    /// <summary>Whether an error is one of the store, and no cancellation, programming error or missing feature.</summary>
    public static bool Is(Exception error) => error is SwanException or IOException or UnauthorizedAccessException or InvalidDataException
        || error is ArgumentException and not ArgumentNullException;

    /// <summary>An error of the store as the contract's, with what caused it inside.</summary>
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

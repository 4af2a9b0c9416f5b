namespace Outboard.Conformance;

/// <summary>How checks say what they expect.</summary>
internal static class Expect
{
    public static void That(bool condition, string message)
    {
        if (!condition)
        {
            throw new ConformanceException(message);
        }
    }

    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new ConformanceException($"{what}: expected {expected}, got {actual}.");
        }
    }

    public static void Throws<TException>(Action action, string what, string? word = null)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException e)
        {
            That(
                word is null || e.Message.Contains(word, StringComparison.Ordinal),
                $"{what}: the message should name '{word}': {e.Message}");
            return;
        }
        catch (Exception e) when (e is not ConformanceException)
        {
            throw new ConformanceException($"{what}: expected {typeof(TException).Name}, got {e.GetType().Name}: {e.Message}");
        }

        throw new ConformanceException($"{what}: expected {typeof(TException).Name}, nothing was thrown.");
    }

    public static void Offered(bool condition, string what)
    {
        if (!condition)
        {
            throw new NotOfferedException($"the device does not offer {what}");
        }
    }
}

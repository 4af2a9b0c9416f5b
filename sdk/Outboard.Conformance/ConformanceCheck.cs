namespace Outboard.Conformance;

/// <summary>One check of a suite.</summary>
/// <param name="Name">Its name, kebab-case.</param>
/// <param name="Statement">What a device that passes does, as a sentence.</param>
/// <param name="Body">What runs; it throws where the device does something else.</param>
public sealed record ConformanceCheck(string Name, string Statement, Action Body)
{
    /// <summary>Runs the check.</summary>
    /// <returns>The result; a check never throws.</returns>
    public ConformanceResult Run()
    {
        try
        {
            Body();
            return new ConformanceResult(Name, ConformanceOutcome.Passed, string.Empty);
        }
        catch (NotOfferedException e)
        {
            return new ConformanceResult(Name, ConformanceOutcome.NotOffered, e.Message);
        }
        catch (ConformanceException e)
        {
            return new ConformanceResult(Name, ConformanceOutcome.Failed, e.Message);
        }
        catch (Exception e)
        {
            return new ConformanceResult(Name, ConformanceOutcome.Failed, $"threw {e.GetType().Name}: {e.Message}");
        }
    }
}

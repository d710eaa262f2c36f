import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Construct } from 'constructs'
import { deployment } from '../functions/deployment.ts'

/** Calls the watchdog each minute; a call that was missed is not made up for. */
export class WatchdogSchedule extends Construct {
  constructor(scope: Construct, id: string, watchdog: IFunction) {
    super(scope, id)
    new Rule(this, 'EachMinute', {
      description: 'FluxRelay: looks for agents that fell silent',
      schedule: Schedule.rate(Duration.millis(deployment.watchdogEveryMs)),
      targets: [
        new LambdaFunction(watchdog, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
      ],
    })
  }
}
